import { useSyncExternalStore } from 'react'

/** Whether the server answers: every request of the console says so here. */
class Connection {
  #isLost = false
  #listeners = new Set<() => void>()

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  get isLost(): boolean {
    return this.#isLost
  }

  report(isLost: boolean): void {
    if (this.#isLost === isLost) return
    this.#isLost = isLost
    for (const listener of this.#listeners) listener()
  }
}

export const connection = new Connection()

export function useIsLost(): boolean {
  return useSyncExternalStore(connection.subscribe, () => connection.isLost)
}
