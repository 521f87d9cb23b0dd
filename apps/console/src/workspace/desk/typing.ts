import type { State } from './state.ts'

/** Who has not gone on typing for so long has stopped. */
const ENDS_AFTER_MS = 10_000

export interface Typing {
  /** Something was heard of a conversation: whoever types there, types on. */
  goesOn(conversationId: string): void
}

/** Ends what the server does not end: that somebody is typing. */
export function openTyping({
  state,
  change,
}: {
  state: () => State
  change: (part: Partial<State>) => void
}): Typing {
  const ends = new Map<string, ReturnType<typeof setTimeout>>()
  return {
    goesOn(conversationId) {
      clearTimeout(ends.get(conversationId))
      ends.delete(conversationId)
      if (!state().typing.has(conversationId)) return
      const stop = () => {
        ends.delete(conversationId)
        change({ typing: new Set([...state().typing].filter((one) => one !== conversationId)) })
      }
      ends.set(conversationId, setTimeout(stop, ENDS_AFTER_MS))
    },
  }
}
