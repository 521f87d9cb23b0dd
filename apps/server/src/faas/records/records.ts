import type { InvocationState, WholeInvocation } from '@parley/contract'
import { isUuid, ParleyError } from '#base/kernel'
import { readInstantCursor, writeCursor } from '#base/kit'
import { findCompactRecord, findCompactRecords, newestFirst } from './compact-records.ts'
import { readKept } from './kept-json.ts'
import {
  countRecordsOf,
  findRecord,
  findRecords,
  findRecordsOf,
  findRunsSince,
  type RecordRow,
  type RunCounts,
  type RunRange,
} from './repository.ts'
import type { RecordsDeps } from './deps.ts'

export interface RecordFilter {
  functionId?: string | undefined
  version?: number | undefined
  eventId?: string | undefined
  conversationId?: string | undefined
  invocationId?: string | undefined
  outcome?: readonly InvocationState[] | undefined
  from?: string | undefined
  to?: string | undefined
  limit: number
  after?: string | undefined
}

/** The newest records that fit, in order of time. `next` leads to the page before. */
export async function listRecords(
  deps: RecordsDeps,
  accountId: string,
  { from, to, after, limit, ...filter }: RecordFilter,
): Promise<{ invocations: WholeInvocation[]; next?: string }> {
  await deps.writer.flush()
  const query = {
    ...filter,
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
    before: after === undefined ? undefined : placeOf(after),
    limit: limit + 1,
  }
  const { db } = deps.store
  const rows = [
    ...(await findRecords(db, accountId, query)),
    ...(await findCompactRecords(db, accountId, query)),
  ].toSorted(newestFirst)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    invocations: page.toReversed().map(toWhole),
    ...(rows.length > limit &&
      last && { next: writeCursor(last.startedAt.getTime(), last.recordId) }),
  }
}

/** The runs that a conversation has caused, oldest first. */
export async function listRunsOf(
  deps: RecordsDeps,
  accountId: string,
  conversationId: string,
  range: RunRange,
): Promise<WholeInvocation[]> {
  await deps.writer.flush()
  const rows = await findRecordsOf(deps.store.db, accountId, conversationId, range)
  return rows.map(toWhole)
}

/** How many runs each of these conversations has caused, and how many of them failed. */
export async function countRunsOf(
  deps: RecordsDeps,
  accountId: string,
  conversationIds: readonly string[],
): Promise<Map<string, RunCounts>> {
  await deps.writer.flush()
  return countRecordsOf(deps.store.db, accountId, conversationIds)
}

/** Which functions have run since then, and in which conversations; at most `limit` of each kind of record. */
export async function listRunsSince(
  deps: RecordsDeps,
  accountId: string,
  window: { since: Date; limit: number },
): Promise<{ functionId: string; conversationId: string | null }[]> {
  await deps.writer.flush()
  return findRunsSince(deps.store.db, accountId, window)
}

export async function getRecord(
  deps: RecordsDeps,
  accountId: string,
  recordId: string,
): Promise<WholeInvocation> {
  await deps.writer.flush()
  const { db } = deps.store
  const row = isUuid(recordId)
    ? ((await findRecord(db, accountId, recordId)) ??
      (await findCompactRecord(db, accountId, recordId)))
    : undefined
  if (!row) throw new ParleyError('not_found', `No invocation "${recordId}"`)
  return toWhole(row)
}

function placeOf(cursor: string): { startedAt: Date; recordId: string } {
  const { at, id } = readInstantCursor(cursor, isUuid)
  return { startedAt: new Date(at), recordId: id }
}

function toWhole(row: RecordRow): WholeInvocation {
  return {
    recordId: row.recordId,
    invocationId: row.invocationId,
    functionId: row.functionId,
    ...present('functionName', row.functionName),
    ...present('deploymentId', row.deploymentId),
    version: row.version,
    ...present('eventId', row.eventId),
    ...present('skillId', row.skillId),
    ...present('conversationId', row.conversationId),
    source: row.source,
    attempt: row.attempt,
    startedAt: row.startedAt.toISOString(),
    durationMs: row.durationMs,
    outcome: row.outcome,
    ...present('errorCode', row.errorCode),
    ...present('errorMessage', row.errorMessage),
    ...present('stack', row.stack),
    coldStart: row.coldStart,
    ...present('commands', row.commands),
    input: row.inputJson === null ? row.input : readKept(row.inputJson),
    result: row.resultJson === null ? row.result : readKept(row.resultJson),
    outgoing: row.outgoing,
  }
}

function present<Name extends string, Value>(
  name: Name,
  value: Value | null,
): { [Key in Name]?: Value } {
  return value === null ? {} : ({ [name]: value } as { [Key in Name]: Value })
}
