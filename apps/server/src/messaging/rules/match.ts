import { type ConversationState, NO_SKILL } from '@parley/contract'
import * as z from 'zod'

export const Availability = z.enum(['ONLINE', 'OCCUPIED', 'BACK_SOON', 'AWAY', 'OFFLINE'])
export type Availability = z.infer<typeof Availability>

/** Who shows something else is rung by no conversation. */
export const RINGING = ['ONLINE', 'OCCUPIED', 'BACK_SOON'] as const satisfies Availability[]

/** An agent as routing sees it. */
export interface RoutableAgent {
  userId: string
  pid: string
  skillIds: readonly string[]
  maxSlots: number
  usedSlots: number
  availability: Availability
  /** A bot that this server runs. */
  hosted?: true | undefined
}

/** The same conversation rings an agent that refused it again at the earliest after this. */
export const RING_AGAIN_MS = 5000

/** The database sorts long queues by the same ranks. */
const TTR_RANK = { URGENT: 0, PRIORITIZED: 1, NORMAL: 2, CUSTOM: 2 } as const

/** The order of the queue: the more urgent conversation first, then the one that has waited longer. */
export function queueOrder(a: ConversationState, b: ConversationState): number {
  return (
    TTR_RANK[a.ttr.ttrType] - TTR_RANK[b.ttr.ttrType] ||
    (a.waitingSince ?? a.startedAt) - (b.waitingSince ?? b.startedAt) ||
    (a.conversationId < b.conversationId ? -1 : 1)
  )
}

export function hasSkill(agent: { skillIds: readonly string[] }, skillId: string): boolean {
  return skillId === NO_SKILL || agent.skillIds.includes(skillId)
}

export function mayTake(agent: RoutableAgent, conversation: ConversationState): boolean {
  if (agent.usedSlots >= agent.maxSlots) return false
  if (conversation.suggestion) {
    return (
      conversation.suggestion.userId === agent.userId &&
      RINGING.some((availability) => availability === agent.availability)
    )
  }
  if (!hasSkill(agent, conversation.skillId)) return false
  return (
    agent.availability === 'ONLINE' ||
    (agent.availability === 'OCCUPIED' && conversation.transferred)
  )
}

/** Of a queue, what some of these agents may take: `mayTake` for a query, their slots aside. */
export interface Takeable {
  skillIds: string[]
  /** Of these only what was transferred. */
  transferredSkillIds: string[]
  suggestedTo: string[]
}

export function takeableBy(
  agents: readonly Pick<RoutableAgent, 'availability' | 'skillIds' | 'userId'>[],
): Takeable {
  const skillsOf = (wanted: Availability) => {
    const all = agents.filter(({ availability }) => availability === wanted)
    return [...new Set(all.flatMap(({ skillIds }) => [...skillIds, NO_SKILL]))]
  }
  return {
    skillIds: skillsOf('ONLINE'),
    transferredSkillIds: skillsOf('OCCUPIED'),
    suggestedTo: agents.map(({ userId }) => userId),
  }
}

export type Match =
  | { kind: 'ring'; agent: RoutableAgent }
  | { kind: 'later'; at: number }
  | { kind: 'none' }

/**
 * The agent with the most free share of its slots. Agents that refused this conversation come last: at once after
 * their first refusal, later after a pause.
 */
export function matchAgent(
  conversation: ConversationState,
  agents: readonly RoutableAgent[],
  now: number,
): Match {
  const able = agents
    .filter((agent) => mayTake(agent, conversation))
    .sort((a, b) => load(a) - load(b) || (a.userId < b.userId ? -1 : 1))
  const fresh = able.find(({ userId }) => !conversation.refusals[userId])
  if (fresh) return { kind: 'ring', agent: fresh }
  const refusers = able
    .map((agent) => ({ agent, at: ringsAgainAt(conversation, agent) }))
    .sort((a, b) => a.at - b.at)
  const [next] = refusers
  if (!next) return { kind: 'none' }
  return next.at <= now ? { kind: 'ring', agent: next.agent } : { kind: 'later', at: next.at }
}

function ringsAgainAt({ refusals }: ConversationState, { userId }: RoutableAgent): number {
  const refusal = refusals[userId]
  if (!refusal) return 0
  return refusal.count === 1 ? refusal.at : refusal.at + RING_AGAIN_MS
}

function load({ usedSlots, maxSlots }: RoutableAgent): number {
  return usedSlots / maxSlots
}
