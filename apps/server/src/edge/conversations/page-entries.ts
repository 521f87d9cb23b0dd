import { readCursor, writeCursor } from '#base/kit'
import { charactersOf } from '#messaging/reading'

/** So many are read at once: a card may have 250,000 characters, and what a function got still more. */
const MAX_TOGETHER = 50
/** Of one page: it has to be made, and read, as a whole. The entry that goes beyond is the last one. */
const MAX_CHARACTERS = 2_000_000

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

/** One page of what several sources have, oldest first: it may be shorter than asked for where its entries are long. */
export async function pageEntries<Kind extends string, Entry extends { kind: Kind }>(
  sources: Record<Kind, Source<Entry>>,
  query: PageQuery<Kind>,
): Promise<{ entries: Entry[]; next?: string }> {
  const { after, limit, order, shape } = query
  const entries: Entry[] = []
  let cursor = after === undefined ? undefined : cursorOf(after, order, shape)
  let characters = 0
  for (;;) {
    const most = Math.min(MAX_TOGETHER, limit - entries.length)
    const { found, isLast } = await readSome(sources, query, cursor, most)
    for (const [index, placed] of found.entries()) {
      const { at, entry, place } = placed
      entries.push(entry)
      characters += charactersOf(entry)
      if (isLast && index === found.length - 1) return { entries }
      if (entries.length === limit || characters > MAX_CHARACTERS)
        return { entries, next: writeCursor(at, entry.kind, ...place) }
      cursor = { at, rank: order.indexOf(entry.kind), place: place.map(String) }
    }
    if (isLast) return { entries }
  }
}

/** The first ones behind the cursor; `isLast` where there are no more. */
async function readSome<Kind extends string, Entry extends { kind: Kind }>(
  sources: Record<Kind, Source<Entry>>,
  { order, wanted, from, to }: PageQuery<Kind>,
  cursor: Cursor | undefined,
  most: number,
): Promise<{ found: Placed<Entry>[]; isLast: boolean }> {
  const range = {
    from: from === undefined ? undefined : Date.parse(from),
    to: to === undefined ? undefined : Date.parse(to),
    limit: most + 1,
  }
  const found = await Promise.all(
    order
      .filter((kind) => wanted.includes(kind))
      .map((kind) => sources[kind](behind(range, cursor, order.indexOf(kind)))),
  )
  // A stable sort: within an instant the order of the sources stays.
  const all = found.flat().toSorted((a, b) => a.at - b.at)
  return { found: all.slice(0, most), isLast: all.length <= most }
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
