import { setTimeout as sleep } from 'node:timers/promises'
import { call, RequestError, type Session } from '@parley/client'
import { listLogs, type LogEntry } from '@parley/contract'
import { logKeyOf, openLogStream } from '../log-stream.ts'
import type { WatchOptions } from './activity.ts'
import { nextSession } from './next-session.ts'

const PAUSE_MS = 500
/** Entries are written in batches, so those of one instant may come one after the other. */
const OVERLAP_MS = 5000
const MAX_READ = 1000
/** Keys of entries that were shown; more entries than these are not read after a lost connection: the newest are. */
const MAX_SHOWN = 10_000

/** Follows the log until `signal` aborts. What was logged while there was no connection is read afterwards, each entry once. */
export async function watchLogs(
  session: () => Promise<Session>,
  { filter, signal, show, lost, back }: WatchOptions,
): Promise<void> {
  const { functionId, conversationId } = filter
  const shown = new Set<string>()
  let newest: number | undefined

  function showNew(log: LogEntry): void {
    const key = logKeyOf(log)
    newest = Math.max(newest ?? 0, Date.parse(log.at))
    if (shown.has(key)) return
    shown.add(key)
    const [oldest] = shown
    if (shown.size > MAX_SHOWN && oldest !== undefined) shown.delete(oldest)
    const of = log.conversationId === undefined ? {} : { conversationId: log.conversationId }
    show({ ...of, entry: { kind: 'log', at: log.at, log } })
  }

  function readPage(window: { from?: string | undefined; to?: string; limit: number }) {
    return call(current, listLogs, { query: { functionId, conversationId, ...window } })
  }

  /** The newest first, at most `MAX_SHOWN`. */
  async function readAll(from: string | undefined): Promise<LogEntry[]> {
    const found = new Map<string, LogEntry>()
    let to: string | undefined
    while (found.size < MAX_SHOWN) {
      const { entries } = await readPage({ from, ...(to && { to }), limit: MAX_READ })
      const known = found.size
      for (const entry of entries) found.set(logKeyOf(entry), entry)
      const oldest = entries.at(-1)
      if (!oldest || entries.length < MAX_READ || found.size === known) break
      // With those of the same instant again: some of them may not have been on the page.
      to = new Date(Date.parse(oldest.at) + 1).toISOString()
    }
    return [...found.values()]
  }

  /** What is there already. The first time it only counts as shown. */
  async function readStored(isFirst: boolean): Promise<void> {
    const from = newest === undefined ? undefined : new Date(newest - OVERLAP_MS).toISOString()
    const entries = isFirst ? (await readPage({ from, limit: 200 })).entries : await readAll(from)
    for (const entry of entries.toReversed()) {
      if (isFirst) {
        shown.add(logKeyOf(entry))
        newest = Math.max(newest ?? 0, Date.parse(entry.at))
      } else showNew(entry)
    }
  }

  let current = await session()
  let isFirst = true
  while (!signal.aborted) {
    try {
      // The stream is open before the list is read: nothing falls between the two.
      const stream = await openLogStream(current, { functionId, conversationId }, signal)
      await readStored(isFirst)
      isFirst = false
      back()
      for await (const entry of stream) showNew(entry)
    } catch (error) {
      if (signal.aborted) return
      if (isFirst) throw error
      current = await nextSession(error, current, session)
      if (!(error instanceof RequestError && error.status === 401)) lost(error)
    }
    // The signal ends the pause, too.
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined)
  }
}
