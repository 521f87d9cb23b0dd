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

export interface RecordBatch {
  accountId: string
  functionId: string
  firstAt: Date
  lastAt: Date
  /** JSON of the packed records; the column keeps its first name. */
  heads: string
}

/** A packed record as JSON. */
export function packedText(record: CompactRecord): string {
  const packed: Packed = [
    record.recordId,
    record.invocationId,
    record.startedAt.getTime(),
    record.durationMs,
    record.coldStart ? 1 : 0,
    record.deploymentId ?? null,
    record.version,
    record.source,
    record.skillId ?? null,
  ]
  return JSON.stringify(packed)
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
      inputJson: null,
      resultJson: null,
      trace: null,
      draws: null,
    }
  })
}
