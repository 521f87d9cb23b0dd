/** What one function, one instance and this machine may use. Sizes in bytes unless the name says otherwise. */
export interface Limits {
  timeMs: number
  requestBytes: number
  resultBytes: number
  logEntries: number
  logCharacters: number
  /** Heap and everything beside it, per instance. */
  memoryMb: number
  callsPerInstance: number
  instancesPerFunction: number
  /** Live instances on this machine. */
  instances: number
  /** Booted instances kept waiting. */
  blanks: number
  queuedCalls: number
  queueMs: number
  freezeAfterMs: number
  endAfterMs: number
  outgoingPerSecond: number
  outgoingBytes: number
  outgoingMs: number
}

const INSTANCE_MB = 64

export function defaultLimits(machineMb: number): Limits {
  return {
    timeMs: 30_000,
    requestBytes: 1_048_576,
    resultBytes: 1_048_576,
    logEntries: 10,
    logCharacters: 6_000,
    memoryMb: 256,
    callsPerInstance: 100,
    instancesPerFunction: 8,
    instances: Math.min(256, Math.max(4, Math.floor(machineMb / 2 / INSTANCE_MB))),
    blanks: 2,
    queuedCalls: 2_000,
    queueMs: 10_000,
    freezeAfterMs: 1_000,
    endAfterMs: 300_000,
    outgoingPerSecond: 20,
    outgoingBytes: 10_485_760,
    outgoingMs: 25_000,
  }
}
