import type { Summary } from './summary.ts'

export interface CrowdMember {
  url: string
  headers?: Record<string, string>
}

/** What the crowd of plain sockets is asked. */
export type CrowdOrder =
  | { do: 'open'; members: CrowdMember[] }
  | { do: 'close' }
  /** Every socket sends its frame, waits for the answer, sends again. `{{id}}` is new each time. */
  | { do: 'ask'; frames: string[]; seconds: number }
  /** Frames leave in turn at a fixed rate, whether or not the earlier ones were answered. */
  | { do: 'pace'; frames: string[]; seconds: number; perSecond: number }

export interface AskResult extends Summary {
  perSecond: number
}
