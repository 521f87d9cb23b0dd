import * as z from 'zod'
import {
  FRAME,
  HOST_CALL_PREFIX_BYTES,
  type FailureBody,
  MAX_CODE_CHARACTERS,
  MAX_DEBUG_ENTRIES,
  MAX_OUTGOING,
  MAX_TRACE_BYTES,
  MAX_TRACE_FRAME_BYTES,
  type ReplayBody,
} from '@parley/toolbelt/protocol'
import type { ArrivedFrame } from './frames.ts'
import type { CallTrace, LogEntry, OutgoingCall } from './types.ts'

// A process that runs customer code has written everything that is read here.

/** The last instant that a date can hold. */
const LATEST_MS = 8_640_000_000_000_000
const MAX_OUTGOING_BYTES = 4_096
const MAX_PLACE_CHARACTERS = 200

const Entry = z.object({
  level: z.enum(['Debug', 'Info', 'Warn', 'Error']),
  message: z.string(),
  extras: z.array(z.unknown()),
  timestamp: z.number().min(0).max(LATEST_MS),
  isOverLimit: z.literal(true).optional(),
})

/** The log of one call as it comes. */
export interface CallLog {
  entries: LogEntry[]
  /** Of a test: a deployed function may not log so much. */
  isOverLimit: boolean
}

/** Above every limit that an account can have, and what a test shows beside. The harness enforces the account's limits. */
const MAX_LOG_ENTRIES = 1_010 + MAX_DEBUG_ENTRIES
const MAX_LOG_BYTES = 262_144

const Failure = z.object({
  failure: z.enum([
    'custom-failure',
    'runtime-exception',
    'log-limit-reached',
    'bad-input',
    'executiontime-exceeded',
  ]),
  message: z.unknown(),
  errorCode: z.string().max(MAX_CODE_CHARACTERS).optional(),
  stack: z.string().max(8_192).optional(),
  at: z.string().max(MAX_PLACE_CHARACTERS).optional(),
  unusable: z.boolean().optional(),
})

const Text = z.string().max(200)
const Outgoing = z.object({
  number: z
    .int()
    .min(0)
    .max(MAX_OUTGOING - 1),
  host: Text.optional(),
  method: Text.optional(),
  calledFrom: Text.optional(),
  status: z.int().optional(),
  refused: Text.optional(),
  failed: Text.optional(),
  ms: z.number().optional(),
})

const Ask = z.object({ kind: z.string().max(64), args: z.unknown() })

function parse<T>(schema: z.ZodType<T>, bytes: Buffer): T | undefined {
  try {
    const read = schema.safeParse(JSON.parse(bytes.toString()))
    return read.success ? read.data : undefined
  } catch {
    return undefined
  }
}

/** Keeps an entry of a running invocation; false when an instance of ours would not send it. */
export function noteEntry(log: CallLog, body: Buffer): boolean {
  const read = body.length > MAX_LOG_BYTES ? undefined : parse(Entry, body)
  if (!read) return false
  const { isOverLimit = false, ...entry } = read
  log.isOverLimit ||= isOverLimit
  log.entries.push(entry)
  return log.entries.length <= MAX_LOG_ENTRIES
}

function readOutgoing(bytes: Buffer): ({ number: number } & Partial<OutgoingCall>) | undefined {
  const read = parse(Outgoing, bytes)
  if (!read) return undefined
  const told = Object.entries(read).filter(([, value]) => value !== undefined)
  return { number: read.number, ...Object.fromEntries(told) }
}

export function readFailure(bytes: Buffer): FailureBody | undefined {
  const read = parse(Failure, bytes)
  if (!read) return undefined
  const { failure, message, errorCode, stack, at, unusable } = read
  return {
    failure,
    message,
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(stack === undefined ? {} : { stack }),
    ...(at === undefined ? {} : { at }),
    ...(unusable === undefined ? {} : { unusable }),
  }
}

export function readHostCall(
  bytes: Buffer,
): { number: number; kind: string; args: unknown } | undefined {
  if (bytes.length < HOST_CALL_PREFIX_BYTES) return undefined
  const read = parse(Ask, bytes.subarray(HOST_CALL_PREFIX_BYTES))
  return read && { number: bytes.readUInt32LE(0), kind: read.kind, args: read.args }
}

/** Notes what the process reports of an outgoing call of a running invocation; false when the report is invalid. */
export function noteOutgoing(outgoing: OutgoingCall[], body: Buffer): boolean {
  const noted = body.length > MAX_OUTGOING_BYTES ? undefined : readOutgoing(body)
  if (!noted || noted.number > outgoing.length) return false
  const { number, ...reported } = noted
  outgoing[number] = { host: '', method: '', ...outgoing[number], ...reported }
  return true
}

/** Of one call: one for each outgoing and each host call, and the last one. */
const MAX_TRACE_PARTS = 1_000

/** Keeps a part of what a replay needs; it is parsed when the recording is written. False when an instance of ours would not send it. */
export function noteTrace(
  call: { trace: object | undefined; parts: Buffer[] | undefined },
  body: Buffer,
): boolean {
  if (!call.trace || body.length > MAX_TRACE_FRAME_BYTES) return false
  const parts = (call.parts ??= [])
  const bytes = parts.reduce((sum, part) => sum + part.length, body.length)
  // Characters are counted inside, bytes here.
  if (bytes > 3 * MAX_TRACE_BYTES || parts.length >= MAX_TRACE_PARTS) return false
  parts.push(Buffer.from(body))
  return true
}

/** One call of an instance. */
export interface InstanceCall {
  body: Uint8Array
  conversationId: string | undefined
  keepsDebug: boolean
  isProbe: boolean
  clockOffset: number
  timeLimitMs: number
  onlyComputes: boolean
  logEntries: number
  logCharacters: number
  log: CallLog
  outgoing: OutgoingCall[]
  /** Of a replay: that of the call which is repeated. */
  seed: Uint8Array | undefined
  /** Whether the process states what a replay needs. */
  trace: { keeps: boolean; bodyBytes: number } | undefined
  replay: ReplayBody | undefined
  /** Called exactly once, with what the process has stated if that is kept. */
  end(how: CallEnd, trace?: CallTrace): void
}

/** The same while it runs. */
export interface Running extends InstanceCall {
  key: Buffer
  head: Buffer
  /** What the process has stated so far. */
  parts: Buffer[] | undefined
  startedAt: number
  deadline: number
  /** Of a call that only computes: processor time that its process had before. */
  usedMs: number | undefined
}

/** What ended a call. */
export type CallEnd =
  | { kind: 'result'; bytes: Uint8Array | undefined }
  | { kind: 'failure'; failure: FailureBody }
  /** Over its time limit. */
  | { kind: 'late' }
  /** The instance died during the call. */
  | { kind: 'died'; reason: string; blame: 'this' | 'one of several' | 'another' }

/** How a frame ends its call; `undefined` for one that ends none. */
export function readEnd(frame: ArrivedFrame): CallEnd | undefined {
  if (frame.kind === FRAME.RESULT) return { kind: 'result', bytes: frame.body }
  if (frame.kind === FRAME.RESULT_VOID) return { kind: 'result', bytes: undefined }
  if (frame.kind !== FRAME.FAILURE) return undefined
  const failure = readFailure(frame.body)
  return failure && { kind: 'failure', failure }
}
