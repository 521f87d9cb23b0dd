import {
  type ConversationChange,
  type ConversationState,
  type Dialog,
  messaging,
  type Originator,
  type Openness,
  type Participant,
  type RoutingStep,
  type ParticipantRef,
  type StoredMessage,
} from '@parley/contract'
import { ParleyError } from '#base/kernel'

/** A change as it was at its moment: later changes of the same commit do not show in it. */
export interface NotedChange {
  change: ConversationChange
  originator: Originator
  oldState: Openness
  conversation: ConversationState
}

/** One conversation while an operation decides about it. Rules change `state`, which is a copy. */
export interface Decision {
  readonly at: number
  readonly state: ConversationState
  readonly messages: StoredMessage[]
  readonly changes: NotedChange[]
  /** An agent was suggested in this decision: a skill that is changed in it goes with that. */
  hasSuggested?: true
}

export function decisionOf(state: ConversationState, now: number): Decision {
  // Times in one conversation never run backwards, whichever node wrote last.
  const at = Math.max(now, state.updatedAt)
  return { at, state: copyOf(state), messages: [], changes: [] }
}

/**
 * Copies the parts that rules change in place; other parts they replace. `structuredClone` takes twenty times as long, on
 * every message.
 */
function copyOf(state: ConversationState): ConversationState {
  return {
    ...state,
    dialogs: state.dialogs.map((dialog) => ({ ...dialog })),
    rings: state.rings.map((ring) => ({ ...ring })),
    refusals: { ...state.refusals },
    idle: { ...state.idle },
    timers: { ...state.timers },
  }
}

export function note(decision: Decision, change: ConversationChange, originator: Originator): void {
  const { state } = decision
  const oldState =
    change.kind === 'opened' ? 'CLOSE' : change.kind === 'closed' ? 'OPEN' : state.state
  decision.changes.push({ change, originator, oldState, conversation: copyOf(state) })
}

const MAX_MOVES = 100

/** Adds a step to the history. Of a very long conversation only the newest steps are kept. */
export function remember({ state, at }: Decision, step: Omit<RoutingStep, 'at'>): void {
  state.moves = [...state.moves.slice(1 - MAX_MOVES), { at, ...step }]
}

/**
 * Says of the last step why it was taken. The oldest reasons go when all together are too long.
 * @param before the last step of what was before this decision, which may have none
 */
export function noteReason(
  { state }: Decision,
  before: RoutingStep | undefined,
  metadata: NonNullable<RoutingStep['metadata']>,
): void {
  const last = state.moves.at(-1)
  if (!last || last === before) return
  let left = messaging.MAX_METADATA_CHARACTERS
  state.moves = [...state.moves.slice(0, -1), { ...last, metadata }]
    .toReversed()
    .map(({ metadata: reason, ...step }) => {
      if (reason) left -= JSON.stringify(reason).length
      return reason && left >= 0 ? { ...step, metadata: reason } : step
    })
    .toReversed()
}

/** The dialog in which consumer and agents talk; every conversation has it from the start. */
export function mainDialog(state: ConversationState): Dialog {
  const main = state.dialogs.find(({ type }) => type === 'MAIN')
  if (!main) throw new Error(`Conversation ${state.conversationId} has no MAIN dialog`)
  return main
}

export function getDialog(state: ConversationState, dialogId: string): Dialog {
  const dialog = state.dialogs.find((candidate) => candidate.dialogId === dialogId)
  if (!dialog) throw new ParleyError('dialog_not_found', `No dialog "${dialogId}"`)
  return dialog
}

export function findOpenDialog(state: ConversationState): Dialog | undefined {
  return state.dialogs.find((dialog) => dialog.state === 'OPEN')
}

export function findParticipant(dialog: Dialog, userId: string): Participant | undefined {
  return dialog.participants.find(
    (participant) => participant.userId === userId && participant.state === 'ACTIVE',
  )
}

export function assignedAgent(state: ConversationState): Participant | undefined {
  return mainDialog(state).participants.find(
    ({ role, state: presence }) => role === 'ASSIGNED_AGENT' && presence === 'ACTIVE',
  )
}

/** All participants of the conversation, once for each role; those of the open dialog come first. */
export function participantsOf({ dialogs }: ConversationState): Participant[] {
  const open = dialogs.filter(({ state }) => state === 'OPEN')
  const closed = dialogs.filter(({ state }) => state === 'CLOSE')
  const active = [...open, ...closed]
    .flatMap(({ participants }) => participants)
    .filter(({ state }) => state === 'ACTIVE')
  return active.filter(
    ({ userId, role }, index) =>
      active.findIndex((other) => other.userId === userId && other.role === role) === index,
  )
}

/** Agents and consumer of MAIN, as events and clients name them. */
export function participantRefs(state: ConversationState): ParticipantRef[] {
  return mainDialog(state)
    .participants.filter(
      ({ role, state: presence }) => role !== 'CONTROLLER' && presence === 'ACTIVE',
    )
    .map(({ pid, role }) => ({ id: pid, role }))
}

export function requireOpen(state: ConversationState): void {
  if (state.state === 'CLOSE') throw closed(state)
}

/** Unlike `requireOpen`, it holds while a survey runs. */
export function requireNotClosed(state: ConversationState): void {
  if (state.stage === 'CLOSE') throw closed(state)
}

function closed({ conversationId }: ConversationState): ParleyError {
  return new ParleyError('conversation_closed', `Conversation "${conversationId}" is closed`)
}
