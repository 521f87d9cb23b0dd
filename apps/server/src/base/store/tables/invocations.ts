import type { OutgoingCall } from '@parley/contract'
import type { MaskedColumn } from './masked-column.ts'

/** An invocation as it is remembered. Rows of event invocations are written by the commit that applies their effects. */
export interface InvocationTable {
  accountId: string
  startedAt: Date
  recordId: string
  /** Stays the same when an event is tried again; what functions and logs know as the request id. */
  invocationId: string
  functionId: string
  /** Absent for a test of a draft. */
  deploymentId: string | null
  version: number
  eventId: string | null
  skillId: string | null
  conversationId: string | null
  source: MaskedColumn<string>
  attempt: number
  durationMs: number
  /** `NOT_RUN`: a rule kept the event from the function. */
  outcome: InvocationState | 'NOT_RUN'
  errorCode: MaskedColumn<string | null>
  errorMessage: MaskedColumn<string | null>
  stack: MaskedColumn<string | null>
  coldStart: boolean
  /** What became of each command that was returned. */
  commands: MaskedColumn<CommandOutcome[] | null>
  /** Kept under the account's policy; replaced by `{ truncated, bytes, beginning }` when too large. */
  input: MaskedColumn<unknown>
  result: MaskedColumn<unknown>
  outgoing: MaskedColumn<OutgoingCall[] | null>
}

/** What a replay of an invocation needs beside its record, as its process has stated it. */
export interface RecordingTable {
  accountId: string
  /** Of the record. */
  startedAt: Date
  recordId: string
  functionId: string
  conversationId: string | null
  recording: MaskedColumn<unknown>
  /** Sealed: random bytes that the function has drawn may be keys. */
  draws: string | null
}

/** Compact records of direct successes of which nothing else is kept, many in one row. The table keeps its first name. */
export interface InvocationBundleTable {
  accountId: string
  functionId: string
  /** When the first and the last of them began. */
  firstAt: Date
  lastAt: Date
  bundleId: string
  /** JSON of compact records, packed and unpacked by `faas/records/record-batch.ts` alone. */
  heads: string
}

/** Spelt as published. */
export type InvocationState =
  | 'SUCCEEDED'
  | 'CODING_FAILURE'
  | 'PLATFORM_FAILURE'
  | 'TIMEOUT'
  | 'UNKOWN'

export interface CommandOutcome {
  type: string
  applied: boolean
  reason?: string
}

export interface LogEntryTable {
  accountId: string
  at: Date
  recordId: string
  /** Order within the invocation. */
  position: number
  invocationId: string
  functionId: string
  conversationId: string | null
  level: 'Info' | 'Warn' | 'Error'
  message: MaskedColumn<string>
  extras: MaskedColumn<unknown[]>
}

/** What happened to a function in one minute, summed up over all nodes. */
export interface InvocationMinuteTable {
  accountId: string
  functionId: string
  minute: Date
  succeeded: number
  codingFailure: number
  platformFailure: number
  timeout: number
  unknown: number
  coldStarts: number
  durationSumMs: number
  /** Counts by the bounds in `faas/records/latency.ts`. */
  latency: number[]
}
