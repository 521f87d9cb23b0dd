import QuickLRU from 'quick-lru'
import type { Bound } from './declare.ts'

/**
 * A map that forgets: it keeps the entries that were used lately, at least half of its limit. The library keeps up to two
 * generations of `maxSize` entries.
 */
export function boundedMap<Key, Value>({ limit }: Bound<'map'>): QuickLRU<Key, Value> {
  return new QuickLRU({ maxSize: Math.max(1, Math.floor(limit / 2)) })
}
