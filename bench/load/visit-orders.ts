import type { Endpoint } from '@parley/client'
import type { Summary } from './summary.ts'

/** What the crowd of consumers is asked whose conversations a function answers. */
export type VisitOrder =
  | { do: 'arrive'; endpoint: Endpoint; consumers: number }
  /** All consumers open a conversation and change its urgency again and again. */
  | { do: 'change'; seconds: number }
  /** So many conversations are opened each second, greeted and closed. */
  | { do: 'open'; perSecond: number; seconds: number }

export interface VisitResult extends Summary {
  perSecond: number
}
