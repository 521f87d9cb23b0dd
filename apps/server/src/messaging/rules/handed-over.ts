import type { ConversationState, RoutingStep } from '@parley/contract'
import { type Actor, participates } from './actor.ts'

/** A request that takes a conversation from its agent, by ids of users: what becomes of it. */
export interface Handover {
  removedId: string
  suggestedId?: string
  assignedId?: string
  skillId?: string
}

/**
 * Whether the actor has handed the conversation over in just this way, and nobody has sent it elsewhere since: the answer may have been
 * lost. Who has it by now, keeps it.
 */
export function isHandedOver(
  state: ConversationState,
  actor: Actor,
  { removedId, suggestedId, assignedId, skillId }: Handover,
): boolean {
  const { moves } = state
  const last = moves.findLastIndex(({ userId }) => userId === removedId)
  const left = moves[last]
  if (left?.kind !== 'left' || left.role !== 'ASSIGNED_AGENT') return false
  const since = moves.slice(last + 1)
  const sent = since.filter(({ kind }) => kind === 'skill' || kind === 'transfer')
  if (!sent.every(({ at, by }) => at === left.at && by === actor.userId)) return false
  const sentTo = (kind: RoutingStep['kind']) => sent.find((step) => step.kind === kind)?.to
  if (sentTo('transfer') !== suggestedId) return false
  if (skillId === undefined ? sentTo('skill') !== undefined : state.skillId !== skillId) {
    return false
  }
  const hasGot = ({ at, kind, userId, role }: RoutingStep) =>
    at === left.at && kind === 'joined' && role === 'ASSIGNED_AGENT' && userId === assignedId
  if (assignedId !== undefined && !since.some(hasGot)) return false
  if (sent.length > 0 || assignedId !== undefined) return true
  // Where no step says who has done it, only what would be refused is taken for a repetition.
  return actor.userId === removedId && !participates(state, actor)
}
