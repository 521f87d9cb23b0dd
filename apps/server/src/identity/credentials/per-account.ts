import type { Db, Store } from '#base/store'
import { boundedMap } from './bounded-map.ts'

const CAPACITY = 5000

/** Something read once per account and read again after it was changed on any node. */
export interface PerAccount<Value> extends Disposable {
  /** What is in memory now, for callers that cannot wait. */
  peek(accountId: string): Value | undefined
  get(accountId: string): Promise<Value>
  /** To be called after the commit that changed it: this node reads anew at once, the others within a second. */
  changed(accountId: string): void
  /** Changes it in a transaction; then every node reads anew. */
  change<T>(accountId: string, work: (tx: Db) => Promise<T>): Promise<T>
  onChange(hear: (accountId: string) => void): void
}

export function perAccount<Value>(
  store: Store,
  channel: string,
  read: (accountId: string) => Promise<Value>,
): PerAccount<Value> {
  const known = boundedMap<string, { reading: Promise<Value>; value?: Value }>(CAPACITY)
  const hearers: ((accountId: string) => void)[] = []

  function forget(accountId: string): void {
    known.delete(accountId)
    for (const hear of hearers) hear(accountId)
  }

  function changed(accountId: string): void {
    forget(accountId)
    store.notify(channel, accountId)
  }

  const hearing = store.onNotify(channel, forget)
  const again = store.onResync(() => known.clear(), { inDoubt: true })

  return {
    peek: (accountId) => known.get(accountId)?.value,
    async get(accountId) {
      const entry = known.get(accountId)
      if (entry) return entry.reading
      const fresh: { reading: Promise<Value>; value?: Value } = { reading: read(accountId) }
      known.set(accountId, fresh)
      try {
        // A change meanwhile has taken the entry out of the map: what was read then serves this caller only.
        fresh.value = await fresh.reading
        return fresh.value
      } catch (cause) {
        if (known.get(accountId) === fresh) known.delete(accountId)
        throw cause
      }
    },
    changed,
    async change(accountId, work) {
      const done = await store.transaction(work)
      changed(accountId)
      return done
    },
    onChange: (hear) => void hearers.push(hear),
    [Symbol.dispose]() {
      hearing[Symbol.dispose]()
      again[Symbol.dispose]()
    },
  }
}
