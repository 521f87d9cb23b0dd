import type { Decision } from './decision.ts'
import { note, requireNotClosed } from './decision.ts'

/** The consumer has proved who it is: its id changes everywhere, in a survey that runs too, and the old one may still read. */
export function stepUp(decision: Decision, to: string): void {
  const { state, at } = decision
  requireNotClosed(state)
  const from = state.consumerId
  if (from === to) return
  state.formerConsumerIds = [...state.formerConsumerIds, from]
  state.consumerId = to
  state.authenticated = true
  state.updatedAt = at
  for (const dialog of state.dialogs) {
    dialog.participants = dialog.participants.map((participant) =>
      participant.role === 'CONSUMER' ? { ...participant, userId: to, pid: to } : participant,
    )
    dialog.updatedAt = at
  }
  note(decision, { kind: 'stepped-up', from, to }, { userId: to, pid: to, role: 'CONSUMER' })
}
