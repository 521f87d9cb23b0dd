import { type Monotonic, PassingMap, PassingSet } from '#base/kernel'

/** Later, what was read is read again: it may have changed. */
const MAX_AGE_MS = 1000

/** One that waits for its turn. */
export interface Expected<Value> extends Disposable {
  /** Its turn has come, and it waits no more. `undefined` if there is no such thing. */
  read(): Promise<Value | undefined>
}

/** Expects the thing with this id, of an account: it is read by its own turn, or by one shortly before. */
export type ReadAhead<Value> = (accountId: string, id: string) => Expected<Value>

interface Reading<Value> {
  readonly at: number
  readonly found: Promise<Map<string, Value>>
}

/** By its id, with the reading that covers it. */
interface Waiting<Value> {
  readonly id: string
  reading?: Reading<Value> | undefined
}

/**
 * Many readings in one, for work that waits for few places: who reads one thing reads with it what waits next of its account, `together`
 * in all. So nobody waits for others, and what is read is a second old at most.
 * @param read answers by id; what is not there is absent
 */
export function openReadAhead<Value>(
  { monotonic }: { monotonic: Pick<Monotonic, 'now'> },
  together: number,
  read: (accountId: string, ids: readonly string[]) => Promise<Map<string, Value>>,
): ReadAhead<Value> {
  const byAccount = new PassingMap<string, PassingSet<Waiting<Value>>>()

  function isRead({ reading }: Waiting<Value>, now: number): boolean {
    return reading !== undefined && now - reading.at <= MAX_AGE_MS
  }

  function readNext(accountId: string, first: Waiting<Value>, now: number): Reading<Value> {
    const next = [...(byAccount.get(accountId) ?? [])]
      .filter((waiting) => !isRead(waiting, now))
      .slice(0, together - 1)
    const ids = [first, ...next].map(({ id }) => id)
    const reading = { at: now, found: read(accountId, [...new Set(ids)]) }
    for (const waiting of next) waiting.reading = reading
    return reading
  }

  return (accountId, id) => {
    const own: Waiting<Value> = { id }
    const waiting = byAccount.get(accountId) ?? new PassingSet()
    byAccount.set(accountId, waiting.add(own))

    function leave(): void {
      if (waiting.delete(own) && waiting.size === 0) byAccount.delete(accountId)
    }

    return {
      async read() {
        leave()
        const now = monotonic.now()
        const reading =
          isRead(own, now) && own.reading ? own.reading : readNext(accountId, own, now)
        // What others wait for is not kept by who has read.
        own.reading = undefined
        return (await reading.found).get(id)
      },
      [Symbol.dispose]: leave,
    }
  }
}
