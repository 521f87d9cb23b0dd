import type { Draft } from './draft.ts'
import { note, requireOpen } from './draft.ts'

/** The consumer has proved who it is: its id changes everywhere, and the old one may still read. */
export function stepUp(draft: Draft, to: string): void {
  const { state, at } = draft
  requireOpen(state)
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
  note(draft, { kind: 'stepped-up', from, to }, { userId: to, pid: to, role: 'CONSUMER' })
}
