import type { Chat, ConsumerChat } from '@parley/contract'
import type { ChatState } from './state.ts'

const iso = (at: number) => new Date(at).toISOString()

export function consumerView(state: ChatState, now: number): ConsumerChat {
  const { chatId, stage, skillId, skillName, agent, startedAt, endedAt, endedBy, endReason } = state
  return {
    chatId,
    stage,
    skillId,
    skillName,
    startedAt: iso(startedAt),
    survey: surveyStage(state, now),
    ...(agent && { agentName: agent.name }),
    ...(endedAt !== undefined && { endedAt: iso(endedAt) }),
    ...(endedBy && { endedBy }),
    ...(endReason && { endReason }),
  }
}

export function agentView(state: ChatState, now: number): Chat {
  const { consumer, agent, agents, managers, offeredTo, waitingSince, acceptedAt, survey } = state
  const { context, campaignInfo } = state
  const submitted = survey?.submitted
  return {
    ...consumerView(state, now),
    consumer,
    agents,
    managers,
    ...(context && { context }),
    ...(campaignInfo && { campaignInfo }),
    ...(agent && { agent }),
    ...(offeredTo && { offeredTo: { agentId: offeredTo.agentId, name: offeredTo.name } }),
    ...(waitingSince !== undefined && { waitingSince: iso(waitingSince) }),
    ...(acceptedAt !== undefined && { acceptedAt: iso(acceptedAt) }),
    ...(submitted && {
      submittedAt: iso(submitted.at),
      questionWithAnswers: submitted.questionWithAnswers,
      ...(submitted.csatRank !== undefined && { csatRank: submitted.csatRank }),
    }),
  }
}

function surveyStage({ survey }: ChatState, now: number): ConsumerChat['survey'] {
  if (!survey) return 'none'
  if (survey.submitted) return 'submitted'
  return now < survey.openUntil ? 'open' : 'expired'
}
