import { boundedMap, declareBound } from '#base/bounds'
import { messageOf } from '#base/kernel'
import type { Base } from '#base/store'
import type { RepeatedFacts } from './facts.ts'
import { addToEntries, type EntryKey, type EntryRow } from './repository.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** Of what strangers do, entries of an account in an hour. Whatever else they do joins one more entry. */
const MAX_TALLIED = 100
const WRITE_AFTER_MS = 1000
const ROWS_OF_A_STATEMENT = 1000

const ENTRIES = declareBound({
  kind: 'map',
  holds: 'entries of the audit to which more of the same minute is added',
  limit: 20_000,
  per: 'node',
  beyond: 'the least recently used one is forgotten: more of its minute makes another entry',
})
const TALLIES = declareBound({
  kind: 'map',
  holds: 'accounts whose refused requests and log-ins of this hour are counted',
  limit: 10_000,
  per: 'node',
  beyond: 'the least recently used one is forgotten, and counted from 0',
})

/** One entry a minute for each who, what, to what and from where, with a count. */
export interface Repeated extends AsyncDisposable {
  /** Resolves when it is written. */
  note(accountId: string, facts: RepeatedFacts): Promise<void>
  /**
   * For what strangers do, as often as they like: written within a second, and a bounded number of entries an hour. A crash loses
   * what was not written.
   */
  tally(accountId: string, facts: RepeatedFacts): void
  /** The row to add, for a transaction of the caller. */
  entryOf(accountId: string, facts: RepeatedFacts): EntryRow
  /** Resolves when everything given before is written. */
  flush(): Promise<void>
}

export function openRepeated({
  store,
  clock,
  ids,
  monotonic,
  logger,
}: Pick<Base, 'store' | 'clock' | 'ids' | 'monotonic' | 'logger'>): Repeated {
  const entries = boundedMap<string, EntryKey & { until: number }>(ENTRIES)
  const tallies = boundedMap<string, { hour: number; entries: number }>(TALLIES)
  let waiting = new Map<string, EntryRow & { count: number }>()
  let writing: Promise<void> = Promise.resolve()
  let next: Promise<void> | undefined
  let timer: Disposable | undefined

  function rowOf(accountId: string, facts: RepeatedFacts, everyMs: number) {
    const name = nameOf(accountId, facts)
    const entry = entryNamed(name) ?? newEntry(name, everyMs)
    const { via = null, outcome = null, details = {}, ...rest } = facts
    const { at, auditId } = entry
    return {
      accountId,
      at,
      auditId,
      ...rest,
      via,
      outcome,
      count: 1,
      details: JSON.stringify(details),
    }
  }

  function entryNamed(name: string) {
    const entry = entries.get(name)
    return entry && entry.until > clock.now() ? entry : undefined
  }

  function newEntry(name: string, everyMs: number) {
    const now = clock.now()
    const entry = { at: new Date(now), auditId: ids.uuid(), until: now - (now % everyMs) + everyMs }
    entries.set(name, entry)
    return entry
  }

  /** Whether there may be one more entry of strangers in this hour. */
  function countTally(accountId: string): boolean {
    const hour = Math.floor(clock.now() / HOUR_MS)
    const known = tallies.get(accountId)
    const tally = known?.hour === hour ? known : { hour, entries: 0 }
    tally.entries += 1
    tallies.set(accountId, tally)
    return tally.entries <= MAX_TALLIED
  }

  function add(row: EntryRow & { count: number }): void {
    const known = waiting.get(row.auditId)
    if (known) known.count += 1
    else waiting.set(row.auditId, row)
  }

  /** Everything that waits, in one statement after the one that runs. */
  function flush(): Promise<void> {
    timer?.[Symbol.dispose]()
    timer = undefined
    next ??= writing.then(write)
    // Whoever waits for these is told; the next are written all the same.
    writing = next.catch(() => undefined)
    return next
  }

  async function write(): Promise<void> {
    next = undefined
    const rows = [...waiting.values()]
    waiting = new Map()
    for (let at = 0; at < rows.length; at += ROWS_OF_A_STATEMENT) {
      await addToEntries(store.db, rows.slice(at, at + ROWS_OF_A_STATEMENT))
    }
  }

  function flushLater(): void {
    flush().catch((error: unknown) => {
      logger.error({ err: error }, `Entries of the audit were lost: ${messageOf(error)}`)
    })
  }

  return {
    entryOf: (accountId, facts) => rowOf(accountId, facts, MINUTE_MS),
    note(accountId, facts) {
      add(rowOf(accountId, facts, MINUTE_MS))
      return flush()
    },
    tally(accountId, facts) {
      const isKnown = entryNamed(nameOf(accountId, facts)) !== undefined
      const row =
        isKnown || countTally(accountId)
          ? rowOf(accountId, facts, MINUTE_MS)
          : rowOf(accountId, ofOthers(facts), HOUR_MS)
      add(row)
      timer ??= monotonic.after(WRITE_AFTER_MS, flushLater)
    },
    flush,
    async [Symbol.asyncDispose]() {
      await flush()
    },
  }
}

function nameOf(accountId: string, facts: RepeatedFacts): string {
  const { actor, action, object, address, via, outcome, details } = facts
  return JSON.stringify([accountId, actor, action, object, address, via, outcome, details])
}

/** Beyond the bound it is known only how often it was done. */
function ofOthers({ action, outcome }: RepeatedFacts): RepeatedFacts {
  return { actor: OTHERS, action, object: OTHERS, address: null, ...(outcome && { outcome }) }
}

/** In place of whoever and whatever is too much to be named. */
const OTHERS = '*'
