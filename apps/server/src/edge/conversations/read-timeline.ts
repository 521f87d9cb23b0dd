import { type readTimeline as contract, TIMELINE_KINDS, type TimelineEntry } from '@parley/contract'
import type { z } from 'zod'
import { ParleyError } from '#base/kernel'
import { readCursor, writeCursor } from './cursor.ts'
import type { HistoryDeps } from './deps.ts'
import { type Placed, type SourceRange, sourcesOf } from './timeline-sources.ts'
import type { Viewer } from './viewer.ts'

type TimelineQuery = z.output<typeof contract.query>

const CURSOR = new RegExp(
  String.raw`^\d{1,15}\.(event\.[\w%-]{1,100}|message\.[^.]{1,400}\.\d{1,9}|run\.[0-9a-f-]{36})$`,
)

/** Where the page before ended: entries of one instant are in the order of their kinds. */
interface Cursor {
  at: number
  rank: number
  place: readonly string[]
}

/** One page of what happened, was said and ran in a conversation, oldest first. */
export async function readTimeline(
  deps: HistoryDeps,
  accountId: string,
  viewer: Viewer,
  conversationId: string,
  { kind, from, to, after, limit }: TimelineQuery,
): Promise<{ entries: TimelineEntry[]; next?: string }> {
  if (kind?.includes('run') && !viewer.seesRuns) {
    throw new ParleyError('forbidden', 'The caller lacks the permission "record:read"')
  }
  const state = await deps.reading.getConversation(accountId, viewer.reader, conversationId)
  const sources = sourcesOf(deps, accountId, viewer, state)
  const cursor = after === undefined ? undefined : cursorOf(after)
  const wanted = TIMELINE_KINDS.filter(
    (one) => (kind?.includes(one) ?? true) && (one !== 'run' || viewer.seesRuns),
  )
  const range = {
    from: from === undefined ? undefined : Date.parse(from),
    to: to === undefined ? undefined : Date.parse(to),
    limit: limit + 1,
  }
  const found = await Promise.all(
    wanted.map((one) => sources[one](behind(range, cursor, TIMELINE_KINDS.indexOf(one)))),
  )
  // A stable sort: within an instant the order of the sources stays.
  const all = found.flat().toSorted((a, b) => a.at - b.at)
  const page = all.slice(0, limit)
  const last = page.at(-1)
  return {
    entries: page.map(({ entry }) => entry),
    ...(all.length > limit && last && { next: nextOf(last) }),
  }
}

function nextOf({ at, place, entry }: Placed): string {
  return writeCursor(at, entry.kind, ...place)
}

function cursorOf(text: string): Cursor {
  const [at, kind, ...place] = readCursor(text, CURSOR)
  return { at: Number(at), rank: TIMELINE_KINDS.findIndex((one) => one === kind), place }
}

/** The part of a source's entries that comes behind the cursor. */
function behind(range: SourceRange, cursor: Cursor | undefined, rank: number): SourceRange {
  if (!cursor) return range
  if (rank === cursor.rank) return { ...range, after: cursor }
  const begin = rank < cursor.rank ? cursor.at + 1 : cursor.at
  return { ...range, from: Math.max(range.from ?? 0, begin) }
}
