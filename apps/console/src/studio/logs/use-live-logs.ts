import { listLogs, LogEntry, tailLogs } from '@parley/contract'
import { useEffect, useRef, useState } from 'react'
import { ask } from '../api/server.ts'
import { serverNow } from '../api/server-time.ts'
import { follow } from '../api/follow.ts'
import { isLike } from '../ui/is-like.ts'

/** More would be slow to draw, and nobody reads them. */
const MOST = 5_000
const PAGE = 1_000
const DAY_MS = 86_400_000
/** The server is asked when the reader pauses. */
const TYPING_MS = 200

export interface LogQuery {
  functionId?: string | undefined
  level?: LogEntry['level'] | undefined
  text?: string | undefined
}

interface Failed {
  error: unknown
  isOlder?: boolean
  /** It is read again. */
  isReading?: boolean
}

export const keyOf = ({ recordId, position }: LogEntry): string => `${recordId} ${position}`

function merge(before: readonly LogEntry[], added: readonly LogEntry[]): readonly LogEntry[] {
  const known = new Set(before.map(keyOf))
  const fresh = added.filter((entry) => !known.has(keyOf(entry)))
  if (fresh.length === 0) return before
  return [...fresh, ...before].toSorted(newestFirst).slice(0, MOST)
}

/** In the server's order. */
function newestFirst(a: LogEntry, b: LogEntry): number {
  if (a.at !== b.at) return a.at < b.at ? 1 : -1
  if (a.recordId !== b.recordId) return a.recordId < b.recordId ? 1 : -1
  return b.position - a.position
}

/** As the server decides it. */
function fits({ functionId, level, text }: LogQuery): (entry: LogEntry) => boolean {
  return (entry) =>
    (functionId === undefined || entry.functionId === functionId) &&
    (level === undefined || entry.level === level) &&
    (text === undefined || isLike([entry.message], text))
}

/**
 * The log of the last day, newest first, and what comes from then on. What was missed while the line was down is read again. Older
 * lines are read when they are asked for. While it is held, what comes waits.
 */
export function useLiveLogs(accountId: string, { functionId, level, text }: LogQuery) {
  const [entries, setEntries] = useState<readonly LogEntry[]>()
  const [held, setHeld] = useState<readonly LogEntry[]>()
  const [isLive, setLive] = useState(false)
  const [hasMore, setMore] = useState(false)
  const [failed, setFailed] = useState<Failed>()
  /** Rises when all is read anew. */
  const [tries, setTries] = useState(0)
  const reading = useRef<string>(undefined)
  const shownOf = useRef<string>(undefined)
  const latest = useRef(entries)
  latest.current = entries

  useEffect(() => {
    const ended = new AbortController()
    const query = { functionId, level, text }
    // What is here and fits is shown at once, until the server has said what else does.
    const isAgain = shownOf.current === accountId
    shownOf.current = accountId
    setEntries((before) => {
      const kept = isAgain ? before?.filter(fits(query)) : undefined
      return kept?.length ? kept : undefined
    })
    setHeld(undefined)
    setMore(false)
    reading.current = undefined
    setFailed((before) => (before?.isReading ? before : undefined))
    setLive(false)

    // Many lines in a burst are drawn at once.
    let waiting: LogEntry[] = []
    let frame = 0
    const show = (): void => {
      frame = 0
      const added = waiting
      waiting = []
      if (isFirst) early.push(...added)
      setEntries((before) => merge(before ?? [], added))
    }
    let isFirst = true
    /** What came before the first answer. */
    let early: LogEntry[] = []
    /** @param known the newest line that was here before the stream was opened */
    const read = async (known: LogEntry | undefined): Promise<void> => {
      try {
        const found = await ask(accountId, listLogs, {
          query: { ...query, level: level && [level], limit: PAGE },
        })
        if (ended.signal.aborted) return
        if (isFirst) {
          // Instead of what was here for the time being, which may have gaps; whoever was faster than this answer holds it, too.
          const all = merge(found.entries, early)
          setEntries(all)
          setHeld((before) => before && all)
          setMore(found.entries.length === PAGE)
        } else {
          const oldest = found.entries.at(-1)
          const isPart = found.entries.length === PAGE && known && oldest
          // More was missed than comes at once: from there on it is read as it is asked for, or there would be a gap.
          const isCut = isPart && newestFirst(oldest, known) < 0
          setEntries((before = []) => {
            const kept = isCut ? before.filter((one) => newestFirst(one, oldest) < 0) : before
            return merge(kept, found.entries)
          })
          if (isCut) setMore(true)
        }
        isFirst = false
        early = []
        setFailed(undefined)
      } catch (thrown) {
        if (!ended.signal.aborted) setFailed({ error: thrown })
      }
    }
    const begin = (): void =>
      void follow(
        accountId,
        tailLogs,
        () => query,
        {
          onOpen: () => {
            setLive(true)
            void read(latest.current?.[0])
          },
          onEvent: (data) => {
            waiting.push(LogEntry.parse(JSON.parse(data)))
            frame ||= requestAnimationFrame(show)
          },
          onLost: () => setLive(false),
        },
        ended.signal,
      )
    const timer = setTimeout(begin, isAgain ? TYPING_MS : 0)
    return () => {
      clearTimeout(timer)
      ended.abort()
      cancelAnimationFrame(frame)
    }
  }, [accountId, functionId, level, text, tries])

  const shown = held ?? entries
  const oldest = shown?.at(-1)

  async function more(): Promise<void> {
    if (!oldest || reading.current === keyOf(oldest)) return
    reading.current = keyOf(oldest)
    setFailed((before) => (before?.isOlder ? { ...before, isReading: true } : before))
    try {
      const found = await ask(accountId, listLogs, {
        query: {
          functionId,
          level: level && [level],
          text,
          limit: PAGE,
          from: new Date(serverNow() - DAY_MS).toISOString(),
          // With those of the same moment: which of them are here is known by their keys.
          to: new Date(Date.parse(oldest.at) + 1).toISOString(),
        },
      })
      // The filter has changed meanwhile.
      if (reading.current !== keyOf(oldest)) return
      const all = merge(shown ?? [], found.entries)
      setMore(
        found.entries.length === PAGE && all.length > (shown?.length ?? 0) && all.length < MOST,
      )
      setEntries((before) => merge(before ?? [], found.entries))
      setHeld((before) => before && merge(before, found.entries))
      setFailed((before) => (before?.isOlder ? undefined : before))
    } catch (thrown) {
      reading.current = undefined
      setFailed({ error: thrown, isOlder: true })
    }
  }

  function again(): void {
    if (failed?.isOlder) return void more()
    setFailed((before) => before && { ...before, isReading: true })
    setTries(tries + 1)
  }

  const newest = held?.[0]
  const at = newest && entries ? entries.findIndex((one) => keyOf(one) === keyOf(newest)) : 0
  return {
    entries: shown,
    isLive,
    query: {
      data: entries,
      error: failed?.error,
      isFetching: failed?.isReading === true,
      errorUpdateCount: failed ? 1 : 0,
      refetch: again,
    },
    hasMore,
    more: () => void more(),
    isHeld: held !== undefined,
    /** What has come while it is held. */
    waiting: at < 0 ? (entries?.length ?? 0) : at,
    hold: () => setHeld((before) => before ?? entries),
    goOn: () => setHeld(undefined),
  }
}
