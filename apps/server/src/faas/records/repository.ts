import type { InvocationState } from '@parley/contract'
import { sql } from 'kysely'
import type { Db } from '#base/store'
import { isUuid } from '#base/kernel'
import { startOf } from './record-ids.ts'

export interface RecordQuery {
  functionId?: string | undefined
  version?: number | undefined
  eventId?: string | undefined
  conversationId?: string | undefined
  invocationId?: string | undefined
  outcome?: readonly InvocationState[] | undefined
  from?: Date | undefined
  /** Exclusive. */
  to?: Date | undefined
  /** Only what comes before this one. */
  before?: { startedAt: Date; recordId: string } | undefined
  limit: number
}

/** Newest first. */
export async function findRecords(db: Db, accountId: string, query: RecordQuery) {
  const { functionId, version, eventId, conversationId, invocationId } = query
  const { outcome, from, to, before } = query
  if (functionId !== undefined && !isUuid(functionId)) return []
  let select = wholeRecords(db, accountId)
  if (functionId !== undefined) select = select.where('record.functionId', '=', functionId)
  if (version !== undefined) select = select.where('record.version', '=', version)
  if (eventId !== undefined) select = select.where('record.eventId', '=', eventId)
  if (conversationId !== undefined) {
    select = select.where('record.conversationId', '=', conversationId)
  }
  if (invocationId !== undefined) select = select.where('record.invocationId', '=', invocationId)
  if (outcome && outcome.length > 0) select = select.where('record.outcome', 'in', outcome)
  if (from) select = select.where('record.startedAt', '>=', from)
  if (to) select = select.where('record.startedAt', '<', to)
  if (before) {
    select = select.where((where) =>
      where(
        where.refTuple('record.startedAt', 'record.recordId'),
        '<',
        where.tuple(before.startedAt, before.recordId),
      ),
    )
  }
  return select
    .orderBy('record.startedAt', 'desc')
    .orderBy('record.recordId', 'desc')
    .limit(query.limit)
    .execute()
}

/** Records of one conversation, oldest first. `from` is inclusive, `to` exclusive. */
export async function findRecordsOf(
  db: Db,
  accountId: string,
  conversationId: string,
  { from, to, after, limit }: RunRange,
) {
  let select = wholeRecords(db, accountId).where('record.conversationId', '=', conversationId)
  if (from !== undefined) select = select.where('record.startedAt', '>=', new Date(from))
  if (to !== undefined) select = select.where('record.startedAt', '<', new Date(to))
  if (after) {
    select = select.where((where) =>
      where(
        where.refTuple('record.startedAt', 'record.recordId'),
        '>',
        where.tuple(new Date(after.at), after.recordId),
      ),
    )
  }
  return select.orderBy('record.startedAt').orderBy('record.recordId').limit(limit).execute()
}

/** Instants are milliseconds since 1970. */
export interface RunRange {
  from?: number | undefined
  to?: number | undefined
  /** Only what comes behind this one. */
  after?: { at: number; recordId: string } | undefined
  limit: number
}

export interface RunCounts {
  total: number
  failed: number
}

/** By the id of the conversation. */
export async function countRecordsOf(
  db: Db,
  accountId: string,
  conversationIds: readonly string[],
): Promise<Map<string, RunCounts>> {
  if (conversationIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('invocation')
    .select([
      sql<string>`conversation_id`.as('id'),
      sql<number>`count(*)::int`.as('total'),
      sql<number>`(count(*) filter (where outcome not in ('SUCCEEDED', 'NOT_RUN')))::int`.as(
        'failed',
      ),
    ])
    .where('accountId', '=', accountId)
    .where('conversationId', 'in', [...conversationIds])
    .groupBy('conversationId')
    .execute()
  return new Map(rows.map(({ id, ...counts }) => [id, counts]))
}

/** Functions with the conversations in which they ran, since then: at most `limit` of each kind of record. */
export async function findRunsSince(
  db: Db,
  accountId: string,
  { since, limit }: { since: Date; limit: number },
): Promise<{ functionId: string; conversationId: string | null }[]> {
  const whole = await db
    .selectFrom('invocation')
    .select(['functionId', 'conversationId'])
    .distinct()
    .where('accountId', '=', accountId)
    .where('startedAt', '>=', since)
    .limit(limit)
    .execute()
  const batched = await db
    .selectFrom('invocationBundle')
    .select('functionId')
    .distinct()
    .where('accountId', '=', accountId)
    .where('lastAt', '>=', since)
    .limit(limit)
    .execute()
  return [...whole, ...batched.map(({ functionId }) => ({ functionId, conversationId: null }))]
}

export function findRecord(db: Db, accountId: string, recordId: string) {
  return wholeRecords(db, accountId)
    .where('record.startedAt', '=', new Date(startOf(recordId)))
    .where('record.recordId', '=', recordId)
    .executeTakeFirst()
}

export type RecordRow = Awaited<ReturnType<typeof findRecords>>[number]

function wholeRecords(db: Db, accountId: string) {
  return db
    .selectFrom('invocation as record')
    .leftJoin('function as owner', (join) =>
      join
        .onRef('owner.accountId', '=', 'record.accountId')
        .onRef('owner.functionId', '=', 'record.functionId'),
    )
    .selectAll('record')
    .select('owner.name as functionName')
    .where('record.accountId', '=', accountId)
}

export interface BatchQuery {
  functionId?: string | undefined
  /** Only batches in which this one may be. */
  invocationId?: string | undefined
  from?: Date | undefined
  /** Only batches that began before. */
  to?: Date | undefined
  /** The last one of the page before: others are written while pages are read. */
  after?: { lastAt: Date; bundleId: string } | undefined
  limit: number
}

/** Those that end last come first. */
export async function findBatches(db: Db, accountId: string, query: BatchQuery) {
  if (query.functionId !== undefined && !isUuid(query.functionId)) return []
  let select = db.selectFrom('invocationBundle').selectAll().where('accountId', '=', accountId)
  if (query.functionId !== undefined) select = select.where('functionId', '=', query.functionId)
  if (query.invocationId !== undefined) {
    select = select.where(sql<boolean>`position(${query.invocationId} in heads) > 0`)
  }
  if (query.from) select = select.where('lastAt', '>=', query.from)
  if (query.to) select = select.where('firstAt', '<=', query.to)
  if (query.after) {
    const { lastAt, bundleId } = query.after
    select = select
      .where('lastAt', '<=', lastAt)
      .where((eb) => eb.or([eb('lastAt', '<', lastAt), eb('bundleId', '>', bundleId)]))
  }
  return select.orderBy('lastAt', 'desc').orderBy('bundleId').limit(query.limit).execute()
}

export async function findFunctionNames(
  db: Db,
  accountId: string,
  functionIds: readonly string[],
): Promise<Map<string, string>> {
  if (functionIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('function')
    .select(['functionId', 'name'])
    .where('accountId', '=', accountId)
    .where('functionId', 'in', functionIds)
    .execute()
  return new Map(rows.map(({ functionId, name }) => [functionId, name]))
}
