import { storage } from '../storage.ts'

/** What stands in the field and is not sent yet. It outlives the window, which is taken down when it is closed. */
export interface Draft {
  state(): string
  /** What is typed outlives the page, too. */
  set(text: string): void
  /** What a script puts there goes with the page. */
  prefill(text: string): void
  subscribe(listener: () => void): () => void
}

/** @param place where the browser keeps it; nowhere without one */
export function openDraft(place?: string): Draft {
  const listeners = new Set<() => void>()
  let text = place === undefined ? '' : (storage.read(place) ?? '')

  function prefill(now: string): void {
    text = now
    for (const listener of listeners) listener()
  }

  return {
    state: () => text,
    set(now) {
      prefill(now)
      if (place === undefined) return
      if (now === '') storage.forget(place)
      else storage.keep(place, now)
    },
    prefill,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
