import type { Dialog, Marks, State, Talk } from './state.ts'

/** Conversations that are over and still listed. */
const MAX_OVER = 20

/** Conversations that are not among the present ones have gone while nobody listened. */
export function leftUnless(talks: readonly Talk[], present: ReadonlySet<string>): Talk[] {
  return talks.map((talk) =>
    talk.chat || present.has(talk.conversationId) || talk.status === 'closed'
      ? talk
      : { ...talk, status: 'left' },
  )
}

/** Without the oldest of those that are over, where there are too many. */
export function withoutOldOnes(talks: readonly Talk[]): readonly Talk[] {
  const over = talks.filter(({ status }) => status !== 'mine')
  const old = new Set(over.slice(0, Math.max(0, over.length - MAX_OVER)))
  return old.size === 0 ? talks : talks.filter((talk) => !old.has(talk))
}

/** The dialogs of conversations that are no longer listed. */
export function goneFrom(talks: readonly Talk[], now: readonly Talk[]): Dialog[] {
  const listed = new Set(now.map(({ conversationId }) => conversationId))
  return talks.flatMap(({ conversationId, dialogs }) => (listed.has(conversationId) ? [] : dialogs))
}

/** What was delivered, read and seen in them would stay for ever. */
export function withoutMarksOf(gone: readonly Dialog[], state: State): Partial<State> {
  const { delivered, read, seen } = state
  return {
    delivered: without(gone, delivered),
    read: without(gone, read),
    seen: without(gone, seen),
  }
}

export function without(gone: readonly Dialog[], marks: Marks): Marks {
  const ids = new Set(gone.map(({ dialogId }) => dialogId))
  return Object.fromEntries(Object.entries(marks).filter(([dialogId]) => !ids.has(dialogId)))
}
