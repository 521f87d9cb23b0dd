import { unpack } from './bundle.ts'
import { startOf } from './record-ids.ts'
import {
  findBundles,
  findFunctionNames,
  type RecordQuery,
  type RecordRow,
} from './records-repository.ts'
import type { Db } from '#base/store'

const BUNDLES_AT_ONCE = 10

/** The bundled heads that fit, newest first. */
export async function findLightRecords(
  db: Db,
  accountId: string,
  query: RecordQuery,
): Promise<RecordRow[]> {
  const { eventId, conversationId, outcome, from, to, before } = query
  const isExcluded = outcome && outcome.length > 0 && !outcome.includes('SUCCEEDED')
  if (eventId !== undefined || conversationId !== undefined || isExcluded) return []
  const found: RecordRow[] = []
  const { functionId, invocationId } = query
  const window = { functionId, invocationId, from, to: before?.startedAt ?? to }
  for (let offset = 0; ; offset += BUNDLES_AT_ONCE) {
    const page = { ...window, offset, limit: BUNDLES_AT_ONCE }
    const bundles = await findBundles(db, accountId, page)
    for (const bundle of bundles) {
      // Bundles overlap: the page is complete when no later bundle can hold anything newer.
      const last = found.toSorted(newestFirst)[query.limit - 1]
      if (last && last.startedAt > bundle.lastAt) return named(db, accountId, found, query.limit)
      found.push(
        ...unpack(bundle)
          .map(unnamed)
          .filter((row) => fits(row, query)),
      )
    }
    if (bundles.length < BUNDLES_AT_ONCE) return named(db, accountId, found, query.limit)
  }
}

export async function findLightRecord(
  db: Db,
  accountId: string,
  recordId: string,
): Promise<RecordRow | undefined> {
  const at = new Date(startOf(recordId))
  for (let offset = 0; ; offset += BUNDLES_AT_ONCE) {
    const bundles = await findBundles(db, accountId, {
      from: at,
      to: at,
      offset,
      limit: BUNDLES_AT_ONCE,
    })
    for (const bundle of bundles) {
      const row = unpack(bundle).find((head) => head.recordId === recordId)
      if (row) return (await named(db, accountId, [unnamed(row)], 1))[0]
    }
    if (bundles.length < BUNDLES_AT_ONCE) return undefined
  }
}

type Placed = Pick<RecordRow, 'startedAt' | 'recordId'>

/** The newer first; within an instant, the one that was made later. */
export function newestFirst(a: Placed, b: Placed): number {
  return b.startedAt.getTime() - a.startedAt.getTime() || (a.recordId < b.recordId ? 1 : -1)
}

function fits(row: RecordRow, { invocationId, from, to, before }: RecordQuery): boolean {
  return (
    (invocationId === undefined || row.invocationId === invocationId) &&
    (from === undefined || row.startedAt >= from) &&
    (to === undefined || row.startedAt < to) &&
    (before === undefined || newestFirst(before, row) < 0)
  )
}

function unnamed(head: ReturnType<typeof unpack>[number]): RecordRow {
  return { ...head, functionName: null }
}

async function named(db: Db, accountId: string, rows: RecordRow[], limit: number) {
  const page = rows.toSorted(newestFirst).slice(0, limit)
  const names = await findFunctionNames(db, accountId, [
    ...new Set(page.map(({ functionId }) => functionId)),
  ])
  return page.map((row) => ({ ...row, functionName: names.get(row.functionId) ?? null }))
}
