import type { ConversationState } from '@parley/contract'
import type { Deps } from './deps.ts'
import { campaignOf, dialogsOf, headOf } from './history-head.ts'
import { messageRecords, messageStatuses } from './history-messages.ts'
import {
  activeAgents,
  agentParticipants,
  agentsWhoLeft,
  consumerParticipants,
  interactions,
  skillChanges,
  transfers,
} from './history-participants.ts'
import { sdesOf } from './history-sdes.ts'
import type { People } from './people.ts'

interface Wanted {
  /** Parts of the record, all of them when absent. */
  parts: readonly string[] | undefined
  now: number
  /** Answers of the conversation's surveys, as this API shows them. */
  surveys: readonly object[]
}

/** One conversation as the history API tells it. */
export async function historyRecord(
  { conversations }: Pick<Deps, 'conversations'>,
  people: People,
  state: ConversationState,
  { parts: wanted, now, surveys }: Wanted,
): Promise<object> {
  const { accountId } = people
  const wants = (part: string) => !wanted || wanted.includes(part)
  const [profile, visit, messages] = await Promise.all([
    conversations.findProfile(accountId, state.consumerId),
    conversations.visitorAttributes(accountId, state.context?.visitorId),
    wants('messageRecords') || wants('messageStatuses')
      ? conversations.allMessages(accountId, state)
      : [],
  ])
  const parts: Record<string, () => unknown> = {
    campaign: () => campaignOf(state),
    messageRecords: () => messageRecords(messages),
    messageStatuses: () => messageStatuses(messages),
    agentParticipants: () => agentParticipants(people, state),
    agentParticipantsActive: () => activeAgents(people, state),
    agentParticipantsLeave: () => agentsWhoLeft(people, state),
    consumerParticipants: () => consumerParticipants(state, profile),
    transfers: () => transfers(people, state),
    skillChanges: () => skillChanges(people, state),
    interactions: () => interactions(people, state),
    dialogs: () => dialogsOf(people, state),
    sdes: () => sdesOf(profile, visit, state.startedAt).sdes,
    unAuthSdes: () => sdesOf(profile, visit, state.startedAt).unAuthSdes,
    conversationSurveys: () => surveys,
    messageScores: () => [],
    coBrowseSessions: () => ({ coBrowseSessionsList: [] }),
    summary: () => undefined,
    monitoring: () => undefined,
    responseTime: () => ({
      latestEffectiveResponseDueTime: state.effectiveTtr,
      configuredResponseTime: state.ttr.value,
    }),
    intents: () => [],
    uniqueIntents: () => [],
    previouslySubmittedAgentSurveys: () => [],
  }
  const included = Object.entries(parts)
    .filter(([part]) => wants(part))
    .map(([part, build]) => [part, build()])
  return { info: headOf(people, state, now), ...Object.fromEntries(included) }
}
