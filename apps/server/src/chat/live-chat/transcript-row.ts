import type { SubmittedSurvey } from '#chat/transcripts'
import type { ChatState } from './state.ts'

/** What decides about the transcript: as it was at the submission, however late the row is taken. */
export function surveyEnded(state: ChatState, invocationId: string): SubmittedSurvey {
  const agent = state.agents.at(-1)
  const submitted = state.survey?.submitted
  const csatRank = submitted?.csatRank
  return {
    chatId: state.chatId,
    invocationId,
    skillId: state.skillId,
    ...(agent && { agentId: agent.agentId }),
    payload: {
      ...(csatRank !== undefined && { csatRank }),
      skillName: state.skillName,
      ...(agent && { agentName: agent.name }),
      questionWithAnswers: submitted?.questionWithAnswers ?? [],
    },
  }
}
