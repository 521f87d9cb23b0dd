import { unpack } from './record-batch.ts'
import { startOf } from './record-ids.ts'
import {
  type BatchQuery,
  findBatches,
  findFunctionNames,
  type RecordQuery,
  type RecordRow,
} from './repository.ts'
import type { Db } from '#base/store'

const BATCHES_AT_ONCE = 10

/** The batched records that fit, newest first. */
export async function findCompactRecords(
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
  for await (const batches of pagesOf(db, accountId, window)) {
    for (const batch of batches) {
      // Batches overlap: the page is complete when no later batch can hold anything newer.
      const last = found.toSorted(newestFirst)[query.limit - 1]
      if (last && last.startedAt > batch.lastAt) return named(db, accountId, found, query.limit)
      found.push(
        ...unpack(batch)
          .map(unnamed)
          .filter((row) => fits(row, query)),
      )
    }
  }
  return named(db, accountId, found, query.limit)
}

async function* pagesOf(
  db: Db,
  accountId: string,
  window: Omit<BatchQuery, 'after' | 'limit'>,
): AsyncGenerator<Batch[]> {
  let after: Batch | undefined
  do {
    const page = { ...window, after, limit: BATCHES_AT_ONCE }
    const batches: Batch[] = await findBatches(db, accountId, page)
    yield batches
    after = batches[BATCHES_AT_ONCE - 1]
  } while (after)
}

type Batch = Awaited<ReturnType<typeof findBatches>>[number]

export async function findCompactRecord(
  db: Db,
  accountId: string,
  recordId: string,
): Promise<RecordRow | undefined> {
  const at = new Date(startOf(recordId))
  for await (const batches of pagesOf(db, accountId, { from: at, to: at })) {
    for (const batch of batches) {
      const row = unpack(batch).find((record) => record.recordId === recordId)
      if (row) return (await named(db, accountId, [unnamed(row)], 1))[0]
    }
  }
  return undefined
}

type Placed = Pick<RecordRow, 'startedAt' | 'recordId'>

/** Order of records: the newest first; within an instant, the one that was made last. */
export function newestFirst(a: Placed, b: Placed): number {
  const between = b.startedAt.getTime() - a.startedAt.getTime()
  if (between !== 0 || a.recordId === b.recordId) return between
  return a.recordId < b.recordId ? 1 : -1
}

function fits(row: RecordRow, { invocationId, version, from, to, before }: RecordQuery): boolean {
  return (
    (invocationId === undefined || row.invocationId === invocationId) &&
    (version === undefined || row.version === version) &&
    (from === undefined || row.startedAt >= from) &&
    (to === undefined || row.startedAt < to) &&
    (before === undefined || newestFirst(before, row) < 0)
  )
}

function unnamed(record: ReturnType<typeof unpack>[number]): RecordRow {
  return { ...record, functionName: null }
}

async function named(db: Db, accountId: string, rows: RecordRow[], limit: number) {
  const page = rows.toSorted(newestFirst).slice(0, limit)
  const names = await findFunctionNames(db, accountId, [
    ...new Set(page.map(({ functionId }) => functionId)),
  ])
  return page.map((row) => ({ ...row, functionName: names.get(row.functionId) ?? null }))
}
