import type { Endpoint } from '@parley/client'
import type { Summary } from './summary.ts'

/** What the crowd of consumers and agents is asked. */
export type TalkOrder =
  | {
      do: 'meet'
      endpoint: Endpoint
      agents: { user: string; password: string }[]
      conversations: number
    }
  | { do: 'talk'; perSecond: number; seconds: number }
  | { do: 'fan-out'; messages: number }
  | { do: 'openings'; endpoint: Endpoint; consumers: number; seconds: number }

export interface TalkResult {
  /** From publishing to the other side's socket. */
  heard: Summary
  /** From publishing to the sender's answer: it is stored. */
  stored: Summary
  /** Messages received per second, from the first publishing to the last receipt. */
  perSecond: number
}

export interface FanOutResult {
  observers: number
  /** From publishing to the socket of the first and of the last observer. */
  first: Summary
  last: Summary
}

export interface OpeningsResult {
  opened: number
  perSecond: number
  answer: Summary
}
