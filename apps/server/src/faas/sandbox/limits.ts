import { DEFAULT_LIMITS, MAX_PAYLOAD_BYTES } from '@parley/contract'
import { type EgressLimits, MAX_ANSWER_BYTES } from '#faas/egress'

/** What one function, one instance and this machine may use. Sizes in bytes unless the name says otherwise. */
export interface Limits extends EgressLimits {
  timeMs: number
  requestBytes: number
  resultBytes: number
  logEntries: number
  logCharacters: number
  /** Of one instance: heap and all other memory. */
  memoryMb: number
  callsPerInstance: number
  instancesPerFunction: number
  /** Live instances on this machine, and their memory in all. The limit that is reached first counts. */
  instances: number
  instancesMb: number
  /** Booted instances without a function that are kept ready. */
  warmPool: number
  /** So many instances boot at once, and so many of one function compute at once. */
  processors: number
  queuedCalls: number
  queueMs: number
  /** From when on calls of a function count as late: callers who can ask again are refused instead of waiting. */
  lateMs: number
  freezeAfterMs: number
  endAfterMs: number
}

/** Private memory that an instance is assumed to hold until it was measured. */
export const FRESH_MB = 32
/** Enough for four instances at their limit. */
const LEAST_MB = 1_024

export function defaultLimits(machineMb: number, processors: number): Limits {
  return {
    timeMs: DEFAULT_LIMITS.executionTimeMs,
    requestBytes: MAX_PAYLOAD_BYTES,
    resultBytes: MAX_PAYLOAD_BYTES,
    logEntries: DEFAULT_LIMITS.logEntries,
    logCharacters: DEFAULT_LIMITS.logCharacters,
    memoryMb: 256,
    callsPerInstance: 100,
    instancesPerFunction: 8,
    instances: 2_000,
    instancesMb: Math.max(LEAST_MB, machineMb / 2),
    warmPool: 2,
    processors: Math.max(2, processors),
    queuedCalls: 2_000,
    queueMs: 10_000,
    lateMs: Infinity,
    freezeAfterMs: 1_000,
    endAfterMs: 300_000,
    outgoingPerSecond: DEFAULT_LIMITS.outboundRequestsPerSecond,
    outgoingBytes: MAX_ANSWER_BYTES,
    outgoingMs: 25_000,
  }
}
