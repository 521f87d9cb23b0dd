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

export const FRAME = {
  // server to harness
  LOAD: 1,
  CALL: 2,
  REPLY: 3,
  PING: 4,
  // harness to server
  READY: 16,
  RESULT: 17,
  RESULT_VOID: 18,
  FAILURE: 19,
  LOG: 20,
  HOST_CALL: 21,
  PONG: 22,
  OUTGOING: 23,
} as const

/** Before the body of a CALL: f64 offset of the platform's clock in ms, u8 flags, f64 log entries and f64 log characters at most. */
export const CALL_PREFIX_BYTES = 25
export const CALL_LOG_ENTRIES_AT = 9
export const CALL_LOG_CHARACTERS_AT = 17
export const CALL_KEEPS_DEBUG = 1
/** The call only loads the version. */
export const CALL_IS_PROBE = 2
/** The instance was frozen since its last call, so its connections may be dead. */
export const CALL_AFTER_PAUSE = 4

/** Before the body of a HOST_CALL or a REPLY: u32 number of the host call. A REPLY adds u8 success. */
export const HOST_CALL_PREFIX_BYTES = 4
export const REPLY_PREFIX_BYTES = 5

export interface LoadBody {
  code: string
  name: string
  delivers: 'callback' | 'return'
  env: Record<string, string>
  lineOffset: number
  clockOffset: number
  resultBytes: number
  egress: { internalHosts: string[]; internalCa?: string }
}

export interface FailureBody {
  failure: 'custom-failure' | 'runtime-exception' | 'log-limit-reached' | 'bad-input'
  message: unknown
  errorCode?: string
  stack?: string
  /** `file:line:column` in the running code, for a failure without a stack. */
  at?: string
  /** The version cannot run at all, so the instance must end. */
  unusable?: boolean
}

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
