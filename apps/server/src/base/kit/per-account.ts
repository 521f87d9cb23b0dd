import { boundedMap, declareBound } from '#base/bounds'
import type { Db, Store } from '#base/store'

const ACCOUNTS = declareBound({
  kind: 'map',
  holds: 'what is remembered of accounts: settings, users, credentials and so on',
  limit: 5000,
  per: 'kind and node',
  beyond: 'the least recently used one is forgotten, and read again when it is needed',
})

type AlsoWrite = (tx: Db, accountId: string, subject: string | undefined) => void

/** A value of each account that is read once, and again after any node has changed it. */
export interface PerAccount<Value> extends Disposable {
  /** What is in memory now, for callers that cannot wait. */
  peek(accountId: string): Value | undefined
  get(accountId: string): Promise<Value>
  /** Call it after the commit of a change: this node reads again at once, other nodes within a second. */
  changed(accountId: string): void
  /**
   * Runs the work in a transaction; then every node reads again.
   * @param subject the id of what it changes that was there before, for those who also write
   */
  change<T>(accountId: string, work: (tx: Db) => Promise<T>, subject?: string): Promise<T>
  /** What else each change writes, in its transaction. */
  alsoWrite(also: AlsoWrite): void
  onChange(listener: (accountId: string) => void): void
}

/** What is known of one account. */
interface Entry<Value> {
  /** Absent after a change, until somebody asks. */
  reading?: Promise<Value>
  value?: Value
  /** What was known before the newest change. */
  before?: Value | undefined
}

/**
 * @param read gets what was read before, if no change of another node can have been missed since: it may read only what has changed, by
 *   what the database says of it
 */
export function perAccount<Value>(
  store: Store,
  channel: string,
  read: (accountId: string, before: Value | undefined) => Promise<Value>,
): PerAccount<Value> {
  const cache = boundedMap<string, Entry<Value>>(ACCOUNTS)
  const listeners: ((accountId: string) => void)[] = []
  const writers: AlsoWrite[] = []

  function forget(accountId: string): void {
    const known = cache.get(accountId)
    if (known) cache.set(accountId, { before: known.value ?? known.before })
    for (const listener of listeners) listener(accountId)
  }

  async function readNow(accountId: string): Promise<Value> {
    const before = cache.get(accountId)?.before
    const fresh: Entry<Value> & { reading: Promise<Value> } = {
      reading: read(accountId, before),
      before,
    }
    cache.set(accountId, fresh)
    try {
      // A change meanwhile has taken the entry out of the map: what was read then serves this caller only.
      fresh.value = await fresh.reading
      fresh.before = undefined
      return fresh.value
    } catch (cause) {
      if (cache.get(accountId) === fresh) cache.delete(accountId)
      throw cause
    }
  }

  function changed(accountId: string): void {
    forget(accountId)
    store.notify(channel, accountId)
  }

  const subscription = store.onNotify(channel, forget)
  const standing = store.suspensions.onChange(forget)
  const resync = store.onResync(() => cache.clear(), { periodic: true })

  return {
    peek: (accountId) => cache.get(accountId)?.value,
    get: (accountId) => cache.get(accountId)?.reading ?? readNow(accountId),
    changed,
    async change(accountId, work, subject) {
      const done = await store.transaction(async (tx) => {
        const result = await work(tx)
        for (const also of writers) also(tx, accountId, subject)
        return result
      })
      changed(accountId)
      return done
    },
    alsoWrite: (also) => void writers.push(also),
    onChange: (listener) => void listeners.push(listener),
    [Symbol.dispose]() {
      subscription[Symbol.dispose]()
      standing[Symbol.dispose]()
      resync[Symbol.dispose]()
    },
  }
}
