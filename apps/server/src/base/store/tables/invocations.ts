import type {
  Difference,
  NotReplayedKind,
  OutgoingCall,
  ReplayedState,
  ReplayJobState,
  ReplayTarget,
} from '@parley/contract'
import type { Generated } from 'kysely'
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
  /** Of records from before migration 134. */
  input: MaskedColumn<unknown>
  result: MaskedColumn<unknown>
  outgoing: MaskedColumn<OutgoingCall[] | null>
  /** Kept under the account's policy, as JSON that nobody has parsed; replaced by `{ truncated, bytes, beginning }` when too large. */
  inputJson: MaskedColumn<string | null>
  resultJson: MaskedColumn<string | null>
  /** What a replay needs beside them, unless it is long; packed and unpacked by `faas/recordings/row-trace.ts` alone. */
  trace: MaskedColumn<string | null>
  /** Sealed: random bytes that the function has drawn may be keys. */
  draws: string | null
}

/** What a replay of an invocation needs beside its record, as its process has stated it: where that is long. */
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

/** Many runs of a function that are repeated in the background; see migration 121. */
export interface ReplayJobTable {
  accountId: string
  jobId: string
  functionId: string
  state: ReplayJobState
  /** Of a broken one. */
  problem: string | null
  against: ReplayTarget
  calls: 'recorded' | 'blocked'
  /** What it is fixed to; absent where each run is repeated with its own version. */
  version: number | null
  startedAt: Date
  endedAt: Date | null
  startedBy: string
}

/** What a replay has found, as far as it is kept. */
export interface ReplayDetails {
  differences: Difference[]
  isCut: boolean
  notes: string[]
  errorMessage?: string
}

/** One run of such a job. What is counted of a job are these rows, so that nothing counts twice. */
export interface ReplayedRunTable {
  accountId: string
  jobId: string
  position: number
  recordId: string
  /** When the run began that is repeated. */
  recordedAt: Date
  conversationId: string | null
  state: Generated<ReplayedState>
  /** Of one that was not replayed. */
  reason: NotReplayedKind | null
  recordedVersion: number | null
  version: number | null
  /** From here on: of the replay. */
  outcome: InvocationState | 'NOT_RUN' | null
  durationMs: number | null
  differenceCount: Generated<number>
  details: MaskedColumn<ReplayDetails | null>
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
  /** Of the failures of the platform: those of calls that did not run. */
  turnedAway: number | null
}
