/** Keeps the entries that were used lately: at least half of the capacity, at most all of it. */
export interface BoundedMap<Key, Value> {
  get(key: Key): Value | undefined
  set(key: Key, value: Value): void
  delete(key: Key): void
  deleteWhere(matches: (value: Value) => boolean): void
  clear(): void
}

/** In two generations, so that using an entry again costs a look-up and no change. */
export function boundedMap<Key, Value>(capacity: number): BoundedMap<Key, Value> {
  let young = new Map<Key, Value>()
  let old = new Map<Key, Value>()

  function set(key: Key, value: Value): void {
    old.delete(key)
    young.set(key, value)
    if (young.size * 2 < capacity) return
    old = young
    young = new Map()
  }

  return {
    get(key) {
      const value = young.get(key)
      if (value !== undefined) return value
      const rediscovered = old.get(key)
      if (rediscovered !== undefined) set(key, rediscovered)
      return rediscovered
    },
    set,
    delete(key) {
      young.delete(key)
      old.delete(key)
    },
    deleteWhere(matches) {
      for (const entries of [young, old]) {
        for (const [key, value] of entries) {
          if (matches(value)) entries.delete(key)
        }
      }
    },
    clear() {
      young.clear()
      old.clear()
    },
  }
}
