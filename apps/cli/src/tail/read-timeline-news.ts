import { call, type Session } from '@parley/client'
import { readTimeline, type TimelineEntry } from '@parley/contract'
import type { Activity, ActivityFilter } from './activity.ts'

/** A run is stored when it has ended, and stands where it began: so much of what was read is read again. Four time limits of a function. */
const OVERLAP_MS = 120_000
/** Conversations whose shown entries are remembered; the least recently changed one is forgotten. */
const MAX_REMEMBERED = 500

interface Remembered {
  /** Entries at and after this instant were not all read. */
  from: number
  shown: Set<string>
}

/** Reads the timelines of conversations, each entry once. */
export interface TimelineNews {
  /** Shows what is new in a conversation, in its order. `silently` only remembers it as shown. */
  read(conversationId: string, options?: { silently?: boolean }): Promise<void>
}

/** @param since in milliseconds of domain time: what was before is not shown */
export function openTimelineNews(
  session: () => Session,
  since: number,
  { functionId }: ActivityFilter,
  show: (activity: Activity) => void,
): TimelineNews {
  const known = new Map<string, Remembered>()

  function remembered(conversationId: string): Remembered {
    const one = known.get(conversationId) ?? { from: since, shown: new Set() }
    known.delete(conversationId)
    known.set(conversationId, one)
    const [oldest] = known.keys()
    if (known.size > MAX_REMEMBERED && oldest !== undefined) known.delete(oldest)
    return one
  }

  function isWanted(entry: TimelineEntry): boolean {
    return !functionId || (entry.kind === 'run' && entry.run.functionId === functionId)
  }

  return {
    async read(conversationId, { silently = false } = {}) {
      const one = remembered(conversationId)
      const from = new Date(one.from).toISOString()
      let newest = 0
      let after: string | undefined
      do {
        const query = { from, after, limit: 200 }
        const page = await call(session(), readTimeline, { params: { conversationId }, query })
        for (const entry of page.entries) {
          newest = Date.parse(entry.at)
          const key = keyOf(entry)
          if (one.shown.has(key)) continue
          one.shown.add(key)
          if (!silently && isWanted(entry)) show({ conversationId, entry })
        }
        after = page.next
      } while (after !== undefined)
      one.from = Math.max(one.from, newest - OVERLAP_MS)
    },
  }
}

function keyOf(entry: TimelineEntry): string {
  if (entry.kind === 'message') return `message ${entry.dialogId} ${entry.sequence}`
  return entry.kind === 'run' ? `run ${entry.run.recordId}` : JSON.stringify(entry)
}
