import type { ClientProperties, ConversationState, Originator, Participant } from '@parley/contract'
import { ParleyError } from '#kernel'
import { findParticipant } from './draft.ts'

/** Who asks for a change. */
export interface Actor {
  kind: 'consumer' | 'agent' | 'bot' | 'system'
  userId: string
  pid: string
  /** May act in conversations without being in them: managers and administrators. */
  supervises?: boolean
  clientProperties?: ClientProperties
  clientIp?: string
}

export function originatorOf(state: ConversationState, actor: Actor): Originator {
  return { userId: actor.userId, pid: actor.pid, role: roleOf(state, actor) }
}

function roleOf(state: ConversationState, actor: Actor): Originator['role'] {
  if (actor.kind === 'consumer') return 'CONSUMER'
  if (actor.kind === 'system') return 'CONTROLLER'
  return participation(state, actor)?.role ?? 'MANAGER'
}

function participation(state: ConversationState, { userId }: Actor): Participant | undefined {
  for (const dialog of state.dialogs) {
    const found = findParticipant(dialog, userId)
    if (found) return found
  }
  return undefined
}

/** Refuses whoever is not in the conversation: its consumer, an agent in one of its dialogs, or a supervisor. */
export function requireParticipant(state: ConversationState, actor: Actor): void {
  if (actor.kind === 'system') return
  const inside =
    actor.kind === 'consumer'
      ? actor.userId === state.consumerId
      : actor.supervises || participation(state, actor) !== undefined
  if (!inside) {
    throw new ParleyError(
      'not_participant',
      `Not a participant of conversation "${state.conversationId}"`,
    )
  }
}

export function requireAgent(actor: Actor): void {
  if (actor.kind === 'consumer') {
    throw new ParleyError('forbidden', 'Only agents may change this')
  }
}

/** Whether this consumer, under its present or a former id, may read the conversation. */
export function isConsumerOf(state: ConversationState, consumerId: string): boolean {
  return state.consumerId === consumerId || state.formerConsumerIds.includes(consumerId)
}

/** Whether an agent is in the conversation, or has been asked to take it. */
export function isAgentOf(state: ConversationState, userId: string): boolean {
  return state.dialogs.some((dialog) =>
    dialog.participants.some((participant) => participant.userId === userId),
  )
}
