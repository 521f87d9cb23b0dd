import { readCursor, writeCursor } from '#base/kit'

/** An entry with its place among those of its source: `place` tells those of one instant apart. */
export interface Placed<Entry> {
  at: number
  place: readonly (string | number)[]
  entry: Entry
}

/** Instants are milliseconds since 1970: `from` inclusive, `to` exclusive. */
export interface SourceRange {
  from?: number | undefined
  to?: number | undefined
  /** Only what comes behind this one. */
  after?: { at: number; place: readonly string[] } | undefined
  limit: number
}

/** Entries of one kind, oldest first. */
export type Source<Entry> = (range: SourceRange) => Promise<Placed<Entry>[]>

/** Where the page before ended: entries of one instant are in the order of their kinds. */
interface Cursor {
  at: number
  rank: number
  place: readonly string[]
}

interface PageQuery<Kind> {
  /** All kinds, in the order in which those of one instant stand. */
  order: readonly Kind[]
  wanted: readonly Kind[]
  /** What a cursor looks like: an instant, the kind, the place. */
  shape: RegExp
  from?: string | undefined
  to?: string | undefined
  after?: string | undefined
  limit: number
}

/** One page of what several sources have, oldest first. */
export async function pageEntries<Kind extends string, Entry extends { kind: Kind }>(
  sources: Record<Kind, Source<Entry>>,
  { order, wanted, shape, from, to, after, limit }: PageQuery<Kind>,
): Promise<{ entries: Entry[]; next?: string }> {
  const cursor = after === undefined ? undefined : cursorOf(after, order, shape)
  const range = {
    from: from === undefined ? undefined : Date.parse(from),
    to: to === undefined ? undefined : Date.parse(to),
    limit: limit + 1,
  }
  const found = await Promise.all(
    order
      .filter((kind) => wanted.includes(kind))
      .map((kind) => sources[kind](behind(range, cursor, order.indexOf(kind)))),
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

function nextOf({ at, place, entry }: Placed<{ kind: string }>): string {
  return writeCursor(at, entry.kind, ...place)
}

function cursorOf(text: string, order: readonly string[], shape: RegExp): Cursor {
  const [at, kind, ...place] = readCursor(text, shape)
  return { at: Number(at), rank: order.findIndex((one) => one === kind), place }
}

/** The part of a source's entries that comes behind the cursor. */
function behind(range: SourceRange, cursor: Cursor | undefined, rank: number): SourceRange {
  if (!cursor) return range
  if (rank === cursor.rank) return { ...range, after: cursor }
  const begin = rank < cursor.rank ? cursor.at + 1 : cursor.at
  return { ...range, from: Math.max(range.from ?? 0, begin) }
}
