import type { InvocationRecord } from './invocation-record.ts'

/** The record of a direct success without details: no input, result or outgoing calls. */
export type CompactRecord = Pick<
  InvocationRecord,
  | 'accountId'
  | 'functionId'
  | 'recordId'
  | 'invocationId'
  | 'startedAt'
  | 'durationMs'
  | 'coldStart'
  | 'deploymentId'
  | 'version'
  | 'source'
  | 'skillId'
>

type Packed = [
  recordId: string,
  invocationId: string,
  startedAt: number,
  durationMs: number,
  coldStart: 0 | 1,
  deploymentId: string | null,
  version: number,
  source: string,
  skillId: string | null,
]

/** Short enough that reading one page of records unpacks little. */
const MAX_RECORDS = 500

export interface RecordBatch {
  accountId: string
  functionId: string
  firstAt: Date
  lastAt: Date
  /** JSON of the packed records; the column keeps its first name. */
  heads: string
}

/** One row per function and some hundred records: a row per record would cost the database more than the invocation. */
export function pack(records: readonly CompactRecord[]): RecordBatch[] {
  const byFunction = Map.groupBy(records, ({ functionId }) => functionId)
  return [...byFunction.values()].flatMap((all) => {
    const batches: RecordBatch[] = []
    for (let at = 0; at < all.length; at += MAX_RECORDS) {
      batches.push(packOne(all.slice(at, at + MAX_RECORDS)))
    }
    return batches
  })
}

function packOne(records: readonly CompactRecord[]): RecordBatch {
  const [{ accountId, functionId } = { accountId: '', functionId: '' }] = records
  let firstAt = Infinity
  let lastAt = -Infinity
  const packed = records.map((record): Packed => {
    const startedAt = record.startedAt.getTime()
    firstAt = Math.min(firstAt, startedAt)
    lastAt = Math.max(lastAt, startedAt)
    return [
      record.recordId,
      record.invocationId,
      startedAt,
      record.durationMs,
      record.coldStart ? 1 : 0,
      record.deploymentId ?? null,
      record.version,
      record.source,
      record.skillId ?? null,
    ]
  })
  return {
    accountId,
    functionId,
    firstAt: new Date(firstAt),
    lastAt: new Date(lastAt),
    heads: JSON.stringify(packed),
  }
}

/** Newest first. */
export function unpack({ accountId, functionId, heads }: RecordBatch) {
  return (JSON.parse(heads) as Packed[]).toReversed().map((packed) => {
    const [recordId, invocationId, startedAt, durationMs, cold, deploymentId, version, ...rest] =
      packed
    const [source, skillId] = rest
    return {
      accountId,
      startedAt: new Date(startedAt),
      recordId,
      invocationId,
      functionId,
      deploymentId,
      version,
      eventId: null,
      skillId,
      conversationId: null,
      source,
      attempt: 1,
      durationMs,
      outcome: 'SUCCEEDED' as const,
      errorCode: null,
      errorMessage: null,
      stack: null,
      coldStart: cold === 1,
      commands: null,
      input: null,
      result: null,
      outgoing: null,
    }
  })
}
