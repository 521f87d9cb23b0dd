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
}
