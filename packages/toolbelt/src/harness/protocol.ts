/**
 * Frames between the server and the harness, both ways on the same layout:
 * `u32 length of the rest · u8 kind · u32 call · 12 bytes key · body`, little-endian.
 * `call` 0 belongs to the instance itself. Every call has a random key that the server invents and the harness
 * must echo: customer code that finds the pipe cannot answer, or ask, for a call. LOAD brings the key of the instance's
 * own host calls, PING that of its PONG. READY has none: it comes once, before customer code.
 */
export const HEADER_BYTES = 21
export const LENGTH_BYTES = 4
export const KEY_BYTES = 12

/**
 * Frames that are made in one turn of an event loop leave in writes of so many, at both ends: with fewer, each write and each turn that
 * it starts at the other end costs more than it gains; with more, the two ends wait for each other.
 */
export const FRAMES_AT_ONCE = 8

/**
 * The host call that asks where a service is. It changes nothing, and whether a run has made it says nothing of the run: the toolbelt of a
 * warm instance knows the answer already.
 */
export const SERVICE_LOOK_UP = 'csds.domain'

export const FRAME = {
  // server to harness
  LOAD: 1,
  CALL: 2,
  REPLY: 3,
  PING: 4,
  /** Before a CALL with the same number: the recording that the call is a replay of. */
  REPLAY: 5,
  // harness to server
  READY: 16,
  RESULT: 17,
  RESULT_VOID: 18,
  FAILURE: 19,
  LOG: 20,
  HOST_CALL: 21,
  PONG: 22,
  OUTGOING: 23,
  /** A part of what a replay of the call needs. */
  TRACE: 24,
} as const

/**
 * Before the body of a CALL: f64 offset of the platform's clock in ms, u8 flags, f64 log entries and f64 log characters at most,
 * 16 bytes random seed, f64 bytes of a recorded body at most.
 */
export const CALL_PREFIX_BYTES = 49
export const SEED_BYTES = 16
export const CALL_SEED_AT = 25
export const CALL_BODY_BYTES_AT = 41
export const CALL_LOG_ENTRIES_AT = 9
export const CALL_LOG_CHARACTERS_AT = 17
export const CALL_KEEPS_DEBUG = 1
/** The call only loads the version. */
export const CALL_IS_PROBE = 2
/** The instance was frozen since its last call, so its connections may be dead. */
export const CALL_AFTER_PAUSE = 4
/** What a replay needs is collected; it leaves when the call fails. */
export const CALL_IS_TRACED = 8
/** It leaves when the call succeeds, too, and each answer as soon as it is there. */
export const CALL_KEEPS_TRACE = 16

/** Before the body of a HOST_CALL or a REPLY: u32 number of the host call. A REPLY adds u8 success. */
export const HOST_CALL_PREFIX_BYTES = 4
export const REPLY_PREFIX_BYTES = 5

export interface LoadBody {
  code: string
  name: string
  delivers: 'callback' | 'return'
  env: Record<string, string>
  lineOffset: number
  /** Of an inspected instance: debuggers find the author's lines under it. */
  sourceUrl?: string
  clockOffset: number
  resultBytes: number
  /** Its calls are replays, one after the other: each finds the function as if it was the first. */
  replays?: boolean
  egress: { internalHosts: string[]; internalCa?: string }
}

export interface FailureBody {
  /** `executiontime-exceeded`: a replay that waits for what never comes. */
  failure:
    | 'custom-failure'
    | 'runtime-exception'
    | 'log-limit-reached'
    | 'bad-input'
    | 'executiontime-exceeded'
  message: unknown
  errorCode?: string
  stack?: string
  /** `file:line:column` in the running code, for a failure without a stack. */
  at?: string
  /** The version cannot run at all, so the instance must end. */
  unusable?: boolean
}

/** Of the level `Debug`, in one test. */
export const MAX_DEBUG_ENTRIES = 1_000
export const MAX_DEBUG_CHARACTERS = 40_000

/** Host calls that are open at once, in one instance. */
export const MAX_OPEN_HOST_CALLS = 100
export const MAX_HOST_CALL_BYTES = 1_048_576
/** Of all open host calls of one instance. */
export const MAX_OPEN_HOST_CALL_BYTES = 8_388_608

/** Of an error code that the function chose. */
export const MAX_CODE_CHARACTERS = 256

/** Outgoing calls of one invocation that are reported. */
export const MAX_OUTGOING = 20

/** Sent when an outgoing call begins and, with the same number, when it is answered or has failed. */
export interface OutgoingBody {
  number: number
  host?: string
  method?: string
  /** `file:line:column` in the running code. */
  calledFrom?: string
  status?: number
  refused?: string
  failed?: string
  ms?: number
}

export interface HostCallBody {
  kind: string
  args: unknown
}

/** Of one frame with a part of a trace, and of all of one call. Bodies that do not fit are kept by their hash. */
export const MAX_TRACE_FRAME_BYTES = 1_048_576
export const MAX_TRACE_BYTES = 2_097_152

/** Something that code of a traced call ran for: its key, and when, in ms since the start of the call. */
type Turn = [key: string, at: number]

/** A body as text, or as base64; longer ones only by bytes and hash. */
export interface RecordedBody {
  text?: string
  base64?: string
  bytes?: number
  hash?: string
}

/** An outgoing call as the function's process states it. Credentials are masked. */
export interface RecordedCall {
  number: number
  method: string
  url: string
  /** Of method, address and body: how a replay finds its answer. */
  key: string
  request?: RecordedBody
  status?: number
  statusText?: string
  headers?: [name: string, value: string][]
  answer?: RecordedBody
  failed?: { name: string; message: string; code?: string }
}

/** A host call as the function's process states it. Values of secrets are left out. */
export interface RecordedHostCall {
  number: number
  kind: string
  key: string
  args?: unknown
  value?: unknown
  error?: { message: string; code?: string }
  /** The answer is too long to be kept. */
  bytes?: number
}

/** A part of a trace; lists of parts are joined. */
export interface TracePart {
  startedAt?: number
  turns?: Turn[]
  /** What the function read as time, in ms since the start, each with how often. */
  reads?: number[]
  calls?: RecordedCall[]
  hostCalls?: RecordedHostCall[]
  /** What was drawn of the source of strong random numbers: kind and base64. */
  draws?: [kind: string, bytes: string][]
  /** What was too much to keep. */
  over?: string[]
  /** Of a replay, at its end: the next one in this process finds nothing of it. */
  isClean?: boolean
}

export type CallsInReplay = 'recorded' | 'blocked' | 'allowed'

/** What a call is a replay of. */
export interface ReplayBody extends TracePart {
  startedAt: number
  mode: CallsInReplay
  /** Virtual time after which the replay counts as too long. */
  timeLimitMs: number
}
