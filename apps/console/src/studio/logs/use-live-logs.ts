import { listLogs, LogEntry, tailLogs } from '@parley/contract'
import { useEffect, useState } from 'react'
import { ask } from '../api/server.ts'
import { follow } from '../api/follow.ts'

/** More would be slow to draw, and nobody reads them. */
const MOST = 5_000

export interface LogQuery {
  functionId?: string | undefined
  level?: LogEntry['level'] | undefined
  text?: string | undefined
}

const keyOf = ({ recordId, position }: LogEntry): string => `${recordId} ${position}`

function merge(before: readonly LogEntry[], added: readonly LogEntry[]): LogEntry[] {
  const known = new Set(before.map(keyOf))
  const fresh = added.filter((entry) => !known.has(keyOf(entry)))
  if (fresh.length === 0) return before as LogEntry[]
  return [...fresh, ...before].toSorted((a, b) => b.at.localeCompare(a.at)).slice(0, MOST)
}

/** The log of the last day, newest first, and what comes from then on. What was missed while the line was down is read again. */
export function useLiveLogs(accountId: string, { functionId, level, text }: LogQuery) {
  const [entries, setEntries] = useState<readonly LogEntry[]>()
  const [isLive, setLive] = useState(false)
  const [error, setError] = useState<unknown>()

  useEffect(() => {
    const ended = new AbortController()
    const query = { functionId, level, text }
    setEntries(undefined)
    setError(undefined)

    // Many lines in a burst are drawn at once.
    let waiting: LogEntry[] = []
    let frame = 0
    const show = (): void => {
      frame = 0
      const added = waiting
      waiting = []
      setEntries((before) => merge(before ?? [], added))
    }
    const read = async (): Promise<void> => {
      try {
        const found = await ask(accountId, listLogs, {
          query: { ...query, level: level && [level], limit: 1_000 },
        })
        if (!ended.signal.aborted) setEntries((before) => merge(before ?? [], found.entries))
      } catch (thrown) {
        if (!ended.signal.aborted) setError(thrown)
      }
    }
    void follow(
      accountId,
      tailLogs,
      query,
      {
        onOpen: () => {
          setLive(true)
          setError(undefined)
          void read()
        },
        onEvent: (data) => {
          waiting.push(LogEntry.parse(JSON.parse(data)))
          frame ||= requestAnimationFrame(show)
        },
        onLost: () => setLive(false),
      },
      ended.signal,
    )
    return () => {
      ended.abort()
      cancelAnimationFrame(frame)
    }
  }, [accountId, functionId, level, text])

  return { entries, isLive, error }
}
