import type { Replay } from './replay.ts'
import type { CallTrace, LiveTrace } from './trace.ts'

export interface LogLine {
  level: 'Debug' | 'Info' | 'Warn' | 'Error'
  message: string
  extras: unknown[]
  timestamp?: number
}

/** The log of one call. */
export interface Logged {
  readonly id: number
  readonly key: Uint8Array
  readonly keepsDebug: boolean
  readonly mostEntries: number
  readonly mostCharacters: number
  done: boolean
  entries: number
  characters: number
  overLimit: boolean
  /** The place of the entry that was too much. */
  overLimitAt?: string
  /** Number of outgoing calls that were reported. */
  outgoing: number
  /** The platform's time at its start, of a call that is recorded or replayed. */
  startedAt?: number
  /** Absent where nothing is recorded. */
  trace?: CallTrace
  /** The same, of a call that is no replay. */
  live?: LiveTrace
  /** Of a replay whose outgoing calls are not let out. */
  replay?: Replay
  /** A live trace leaves when the call succeeds, too. */
  keepsTrace?: boolean
}
