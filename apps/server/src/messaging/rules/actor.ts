import type { ClientProperties, ConversationState, Originator, Participant } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import { findParticipant } from './draft.ts'

/** Who asks for a change. */
export interface Actor {
  kind: 'consumer' | 'agent' | 'bot' | 'system'
  userId: string
  pid: string
  /** May act in conversations without being in them: managers and administrators. */
  supervises?: boolean
  /** What it was when its request began, for when it has left in the middle of it. */
  role?: Originator['role']
  clientProperties?: ClientProperties
  clientIp?: string
}

export function originatorOf(state: ConversationState, actor: Actor): Originator {
  return { userId: actor.userId, pid: actor.pid, role: roleOf(state, actor) }
}

function roleOf(state: ConversationState, actor: Actor): Originator['role'] {
  if (actor.kind === 'consumer') return 'CONSUMER'
  if (actor.kind === 'system') return 'CONTROLLER'
  return participations(state, actor)[0]?.role ?? actor.role ?? 'MANAGER'
}

function participations(
  { dialogs }: Pick<ConversationState, 'dialogs'>,
  { userId }: Actor,
): Participant[] {
  return dialogs.flatMap((dialog) => findParticipant(dialog, userId) ?? [])
}

/**
 * Refuses whoever is not in the conversation: its consumer, an agent in one of its dialogs, or a supervisor. Readers
 * may change nothing but their own presence.
 */
export function requireParticipant(
  state: ConversationState,
  actor: Actor,
  { mayRead = false }: { mayRead?: boolean } = {},
): void {
  if (actor.kind === 'system') return
  // In a survey it is the survey's dialog that counts: the former agent reads along.
  const open = state.dialogs.filter((dialog) => dialog.state === 'OPEN')
  const dialogs = open.length > 0 ? open : state.dialogs
  const roles = participations({ dialogs }, actor).map(({ role }) => role)
  const inside =
    actor.kind === 'consumer'
      ? actor.userId === state.consumerId
      : actor.supervises || roles.length > 0
  if (!inside) {
    throw new ParleyError(
      'not_participant',
      `Not a participant of conversation "${state.conversationId}"`,
    )
  }
  if (actor.kind === 'consumer' || actor.supervises || mayRead) return
  if (roles.every((role) => role === 'READER')) {
    throw new ParleyError('forbidden', 'A reader may only read')
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
