/** What stands in the field and is not sent yet. It outlives the window, which is taken down when it is closed. */
export interface Draft {
  state(): string
  set(text: string): void
  subscribe(listener: () => void): () => void
}

export function openDraft(): Draft {
  const listeners = new Set<() => void>()
  let text = ''
  return {
    state: () => text,
    set(now) {
      text = now
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
