import type { ChatSurveySubmission } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import type { SubmittedSurvey } from '#chat/transcripts'
import { changeChat } from './change-chat.ts'
import type { ChatDeps } from './deps.ts'
import { readAnswers } from './read-answers.ts'
import type { ChatState } from './state.ts'

type OpenSurvey = NonNullable<ChatState['survey']>

/** The survey of an ended chat while it may be filled in. */
export function openSurvey(state: ChatState, now: number): OpenSurvey {
  if (state.stage !== 'ended') {
    throw new ParleyError(
      'chat_not_ended',
      `The chat is ${state.stage}: the survey begins when it has ended`,
    )
  }
  const { survey } = state
  if (!survey) throw new ParleyError('chat_survey_not_found', 'This chat has no survey')
  if (survey.submitted) {
    throw new ParleyError('chat_survey_submitted', 'The survey is submitted: it cannot be changed')
  }
  if (now >= survey.openUntil) {
    throw new ParleyError(
      'chat_survey_expired',
      'The survey is closed: it is open for a day after the chat',
    )
  }
  return survey
}

/** Only the first submission counts. Who gets the transcript is decided after the commit, from its outbox row. */
export async function submitSurvey(
  deps: ChatDeps,
  accountId: string,
  chatId: string,
  submission: ChatSurveySubmission,
): Promise<{ submittedAt: number }> {
  const { state } = await changeChat(deps, accountId, chatId, (draft) => {
    const survey = openSurvey(draft.state, draft.at)
    const { csatRank } = submission
    survey.submitted = {
      at: draft.at,
      ...(csatRank !== undefined && { csatRank }),
      questionWithAnswers: readAnswers(survey.form, submission),
    }
    draft.outbox.push(deps.transcripts.decisionRow(submittedSurvey(draft.state, deps.ids.uuid())))
  })
  return { submittedAt: state.survey?.submitted?.at ?? deps.clock.now() }
}

/** What the decision about the transcript needs, as it is now: the outbox row may be handled much later. */
function submittedSurvey(state: ChatState, invocationId: string): SubmittedSurvey {
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
