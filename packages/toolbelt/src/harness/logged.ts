import type { Replay } from './replay.ts'
import type { CallTrace, LiveTrace } from './trace.ts'

export interface LogLine {
  level: 'Debug' | 'Info' | 'Warn' | 'Error'
  message: string
  extras: unknown[]
  timestamp?: number
  /** The platform's warning of a test: what the function logs is more than it may when it is deployed. */
  isOverLimit?: true
}

/** The log of one call. */
export interface Logged {
  readonly id: number
  /** The key of its frames, and behind it the seed of its random numbers. */
  readonly key: Uint8Array
  readonly keepsDebug: boolean
  readonly mostEntries: number
  readonly mostCharacters: number
  done: boolean
  entries: number
  characters: number
  /** Of the level `Debug`, which a test shows and nothing counts. */
  debugEntries: number
  debugCharacters: number
  overLimit: boolean
  /** The place of the entry that was too much. */
  overLimitAt?: string
  /** Number of outgoing calls that were reported. */
  outgoing: number
  /** The platform's time at its start; of a replay, that of the call that is repeated. */
  startedAt: number
  /** `undefined` where nothing is recorded. */
  trace: CallTrace | undefined
  /** The same, of a call that is no replay. */
  live: LiveTrace | undefined
  /** Of a replay whose outgoing calls are not let out. */
  replay: Replay | undefined
}
