import { createHash } from 'node:crypto'
import QuickLRU from 'quick-lru'
import type { Bound } from './declare.ts'
import { countBeyond, countStructure } from './use.ts'

/** A longer key is kept as its hash: it may be what a client says, such as a login name. */
const MAX_KEY_CHARACTERS = 1024

/**
 * A map that forgets: it keeps the entries that were used lately, at least half of its limit. The library keeps up to two
 * generations of `maxSize` entries.
 */
export function boundedMap<Key, Value>(bound: Bound<'map'>): QuickLRU<Key, Value> {
  const map = new ShortKeys<Key, Value>({
    maxSize: Math.max(1, Math.floor(bound.limit / 2)),
    onEviction: () => countBeyond(bound),
  })
  countStructure(bound, map, entriesOf)
  return map
}

/** All that are in memory: `size` says at most half of the limit. */
function entriesOf(map: { keys(): Iterable<unknown> }): number {
  let entries = 0
  for (const _ of map.keys()) entries += 1
  return entries
}

/** The bound of a map counts entries, so none may have a key of any length. */
class ShortKeys<Key, Value> extends QuickLRU<Key, Value> {
  override get(key: Key): Value | undefined {
    return super.get(short(key))
  }
  override set(key: Key, value: Value, options?: { maxAge?: number }): this {
    return super.set(short(key), value, options)
  }
  override has(key: Key): boolean {
    return super.has(short(key))
  }
  override delete(key: Key): boolean {
    return super.delete(short(key))
  }
}

function short<Key>(key: Key): Key {
  if (typeof key !== 'string' || key.length <= MAX_KEY_CHARACTERS) return key
  return createHash('sha256').update(key, 'utf16le').digest('base64') as Key & string
}
