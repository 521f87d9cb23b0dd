import { boundedMap, declareBound } from '#base/bounds'
import { messageOf, ParleyError } from '#base/kernel'
import { cleanText } from '#base/input'
import type { Base } from '#base/store'
import type { RepeatedFacts } from './facts.ts'
import { addToEntries, type EntryKey, type EntryRow } from './repository.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** Of what strangers do, entries of an account in an hour. Whatever else they do joins one more entry. */
const MAX_TALLIED = 100
const WRITE_AFTER_MS = 1000
/** While the database is away. */
const AGAIN_AFTER_MS = 10_000
const ROWS_OF_A_STATEMENT = 1000
/** Entries of what strangers do that wait for a database that is away. */
const MAX_KEPT = 20_000

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
   * For what strangers do, as often as they like: written within a second, and a bounded number of entries an hour. It waits while
   * the database is away. A crash loses what was not written.
   */
  tally(accountId: string, facts: RepeatedFacts): void
  /** The row to add, for a transaction of the caller. */
  entryOf(accountId: string, facts: RepeatedFacts): EntryRow
  /** Resolves when everything given before is written. */
  flush(): Promise<void>
}

type WaitingRow = EntryRow & { count: number }
/** By the id of the entry. */
type Waiting = Map<string, WaitingRow>

export function openRepeated({
  store,
  clock,
  ids,
  monotonic,
  logger,
}: Pick<Base, 'store' | 'clock' | 'ids' | 'monotonic' | 'logger'>): Repeated {
  const entries = boundedMap<string, EntryKey & { until: number }>(ENTRIES)
  const tallies = boundedMap<string, { hour: number; entries: number }>(TALLIES)
  let noted: Waiting = new Map()
  let tallied: Waiting = new Map()
  let writing: Promise<void> = Promise.resolve()
  let next: Promise<void> | undefined
  let timer: Disposable | undefined
  let closed = false

  function rowOf(accountId: string, facts: RepeatedFacts, everyMs: number) {
    const name = nameOf(accountId, facts)
    const entry = entryNamed(name) ?? newEntry(name, everyMs)
    const { actor, object, via = null, outcome = null, details = {}, ...rest } = facts
    const { at, auditId } = entry
    return {
      accountId,
      at,
      auditId,
      ...rest,
      // Strangers choose them: a text that cannot be stored would keep all that is written with it from the audit.
      actor: cleanText(actor),
      object: cleanText(object),
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
    const mayWait = tallied
    const rows = [...noted.values(), ...mayWait.values()]
    noted = new Map()
    tallied = new Map()
    for (let at = 0; at < rows.length; at += ROWS_OF_A_STATEMENT) {
      try {
        await addToEntries(store.db, rows.slice(at, at + ROWS_OF_A_STATEMENT))
      } catch (error) {
        // Who asked for a note is told. Nobody is told of a tally; what cannot be stored at all must not keep others from it.
        if (isAway(error)) keep(rows.slice(at).filter(({ auditId }) => mayWait.has(auditId)))
        throw error
      }
    }
  }

  /** For the next write. If the database has stored them and only its answer was lost, they count twice. */
  function keep(rows: readonly WaitingRow[]): void {
    for (const row of rows) {
      if (tallied.size < MAX_KEPT || tallied.has(row.auditId)) add(tallied, row)
    }
    if (rows.length > 0 && !closed) timer ??= monotonic.after(AGAIN_AFTER_MS, flushLater)
  }

  function flushLater(): void {
    flush().catch((error: unknown) => {
      const [level, what] = isAway(error)
        ? ['warn' as const, 'wait']
        : ['error' as const, 'were lost']
      logger[level]({ err: error }, `Entries of the audit ${what}: ${messageOf(error)}`)
    })
  }

  return {
    entryOf: (accountId, facts) => rowOf(accountId, facts, MINUTE_MS),
    note(accountId, facts) {
      add(noted, rowOf(accountId, facts, MINUTE_MS))
      return flush()
    },
    tally(accountId, facts) {
      const isKnown = entryNamed(nameOf(accountId, facts)) !== undefined
      const row =
        isKnown || countTally(accountId)
          ? rowOf(accountId, facts, MINUTE_MS)
          : rowOf(accountId, ofOthers(facts), HOUR_MS)
      add(tallied, row)
      timer ??= monotonic.after(WRITE_AFTER_MS, flushLater)
    },
    flush,
    async [Symbol.asyncDispose]() {
      closed = true
      await flush()
    },
  }
}

function add(waiting: Waiting, row: WaitingRow): void {
  const known = waiting.get(row.auditId)
  if (known) known.count += row.count
  else waiting.set(row.auditId, row)
}

function isAway(error: unknown): boolean {
  return error instanceof ParleyError && error.code === 'unavailable'
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
