import type { ClientProperties, ConversationState, Originator, Participant } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import { findParticipant } from './decision.ts'

/** The consumer, agent, bot or module that asks for a change. */
export interface Actor {
  kind: 'consumer' | 'agent' | 'bot' | 'system'
  userId: string
  pid: string
  /** May act in conversations without being in them: managers and administrators. */
  supervises?: boolean
  /** Its role when its request began: an earlier part of the request may have removed it from the conversation. */
  role?: Originator['role']
  clientProperties?: ClientProperties
  clientIp?: string
}

export function originatorOf(state: ConversationState, actor: Actor): Originator {
  return { userId: actor.userId, pid: actor.pid, role: roleOf(state, actor) }
}

function roleOf(state: ConversationState, actor: Actor): Originator['role'] {
  switch (actor.kind) {
    case 'consumer':
      return 'CONSUMER'
    case 'system':
      return 'CONTROLLER'
    case 'agent':
    case 'bot':
      return participations(state, actor)[0]?.role ?? actor.role ?? 'MANAGER'
  }
}

function participations(
  { dialogs }: Pick<ConversationState, 'dialogs'>,
  { userId }: Actor,
): Participant[] {
  return dialogs.flatMap((dialog) => findParticipant(dialog, userId) ?? [])
}

/** Whether the actor may act in the conversation without joining it. */
export function participates(state: ConversationState, actor: Actor): boolean {
  return actor.supervises === true || participations(state, actor).length > 0
}

/**
 * Refuses an actor that is neither the conversation's consumer, nor an agent in one of its dialogs, nor a supervisor.
 * Readers may change nothing but their own presence.
 */
export function requireParticipant(
  state: ConversationState,
  actor: Actor,
  { mayRead = false }: { mayRead?: boolean } = {},
): void {
  if (actor.kind === 'system') return
  // During a survey only its dialog counts: there the former agent is a reader.
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
