import type { Talk } from './state.ts'

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
