import QuickLRU from 'quick-lru'

/**
 * A map that keeps the entries that were used lately: at least half of the capacity, at most all of it. The library keeps
 * up to two generations of `maxSize` entries.
 */
export function boundedMap<Key, Value>(capacity: number): QuickLRU<Key, Value> {
  return new QuickLRU({ maxSize: capacity / 2 })
}
