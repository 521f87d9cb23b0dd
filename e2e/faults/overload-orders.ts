import type { Endpoint } from '@parley/client'
import type { Summary } from '../../bench/load/summary.ts'

/** One account's part of the load. */
export interface Share {
  who: string
  perSecond: number
}

/** Who calls a function of its account. */
export interface Caller {
  who: string
  bearer: string
  path: string
}

/** What the program that makes the load is asked. */
export type LoadOrder =
  /** Where direct calls of each account go, and by how many connections. */
  | { do: 'call'; url: string; callers: (Caller & { connections: number })[] }
  /** Consumers of the account open conversations. */
  | { do: 'meet'; who: string; endpoint: Endpoint; conversations: number }
  /** So many clients of the account send one request after the other. */
  | { do: 'ask'; what: Traffic; who: string; clients: number; ms: number }
  /** Like `ask` for several accounts at once, beside others whose requests leave at a fixed rate. */
  | { do: 'crowd'; crowds: { who: string; clients: number }[]; shares: Share[]; ms: number }
  /** Requests leave at a fixed rate, whether or not earlier ones were answered. */
  | { do: 'load'; what: Traffic; shares: Share[]; ms: number }
  /** Resolves to what is wrong with the messages that were acknowledged. */
  | { do: 'read back' }

export type Traffic = 'calls' | 'messages'

/** What the requests of one account were answered. */
export interface Answered {
  who: string
  sent: number
  /** Not sent, because too much was not answered yet. */
  unsent: number
  /** From when they were sent: without the time that they waited for a free connection of the client's own. */
  accepted: Summary
  refused: Summary
  /** How often each status came, 0 where the connection broke. */
  statuses: Record<number, number>
  /** Refusals that do not say when to try again. Sockets have no place for it. */
  withoutRetryAfter: number
}

export interface LoadResult {
  accounts: Answered[]
  seconds: number
  /** How late the turns of the program itself were: its own part of what was measured. */
  ownDelay: Summary
}

export interface ReadBack {
  acknowledged: number
  complaints: string[]
}
