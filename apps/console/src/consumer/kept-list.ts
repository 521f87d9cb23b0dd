import { storage } from '../storage.ts'

interface Kept<Item> {
  /** Of which chat, or of which consumer. */
  owner: string
  items: Item[]
}

/** What waits to be sent, kept by the browser until it is. */
export interface KeptList<Item> {
  of(owner: string): Item[]
  /** Keeps what has come or changed, and forgets what has gone; what another tab keeps stays. */
  follow(owner: string, before: readonly Item[], now: readonly Item[]): void
  forget(): void
}

export function openKeptList<Item>(place: string, keyOf: (item: Item) => string): KeptList<Item> {
  function of(owner: string): Item[] {
    try {
      const kept = JSON.parse(storage.read(place) ?? 'null') as Kept<Item> | null
      return kept?.owner === owner ? kept.items : []
    } catch {
      // Something else has written into the browser's storage: there is nothing to send.
      return []
    }
  }

  return {
    of,
    follow(owner, before, now) {
      const touched = new Set([...before, ...now].map(keyOf))
      const items = [...of(owner).filter((item) => !touched.has(keyOf(item))), ...now]
      if (items.length === 0) storage.forget(place)
      else storage.keep(place, JSON.stringify({ owner, items } satisfies Kept<Item>))
    },
    forget: () => storage.forget(place),
  }
}
