import type { ConversationState } from '@parley/contract'
import type { ReadingBudget } from '#messaging/reading'
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
import type { Directory } from './directory.ts'

interface Wanted {
  /** Names of the parts of the record that are wanted. Absent: all. */
  parts: readonly string[] | undefined
  now: number
  /** More are left out, and the record says so. */
  maxMessages: number
  budget: ReadingBudget
  /** The answers to the conversation's surveys, as this API shows them. */
  surveys: readonly object[]
}

/** One conversation as the history API shows it. */
export async function historyRecord(
  { people, reading }: Pick<Deps, 'people' | 'reading'>,
  directory: Directory,
  state: ConversationState,
  { parts: wanted, now, maxMessages, budget, surveys }: Wanted,
): Promise<object> {
  const { accountId } = directory
  const wants = (part: string) => !wanted || wanted.includes(part)
  const [profile, visit, { messages, isWhole }] = await Promise.all([
    people.findProfile(accountId, state.consumerId),
    people.listVisitorAttributes(accountId, state.context?.visitorId),
    wants('messageRecords') || wants('messageStatuses')
      ? reading.readAllMessages(accountId, state, { limit: maxMessages, budget })
      : { messages: [], isWhole: true },
  ])
  const parts: Record<string, () => unknown> = {
    campaign: () => campaignOf(state),
    messageRecords: () => messageRecords(messages),
    messageStatuses: () => messageStatuses(messages),
    agentParticipants: () => agentParticipants(directory, state),
    agentParticipantsActive: () => activeAgents(directory, state),
    agentParticipantsLeave: () => agentsWhoLeft(directory, state),
    consumerParticipants: () => consumerParticipants(state, profile),
    transfers: () => transfers(directory, state),
    skillChanges: () => skillChanges(directory, state),
    interactions: () => interactions(directory, state),
    dialogs: () => dialogsOf(directory, state),
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
  const info = { ...headOf(directory, state, now), isPartial: !isWhole }
  return { info, ...Object.fromEntries(included) }
}
