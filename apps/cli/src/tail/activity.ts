import type { LogEntry, TimelineEntry } from '@parley/contract'

type RunEntry = Extract<TimelineEntry, { kind: 'run' }>

/** What is shown while it happens: in a conversation, a run without one, or in the log of a function. */
export type Activity =
  | { conversationId: string; entry: TimelineEntry }
  | { conversationId?: string; entry: RunEntry | { kind: 'log'; at: string; log: LogEntry } }

export interface ActivityFilter {
  conversationId?: string | undefined
  /** Only runs and log entries of this function. */
  functionId?: string | undefined
}

export interface WatchOptions {
  filter: ActivityFilter
  signal: AbortSignal
  show(activity: Activity): void
  /** From here on nothing is missed. */
  ready?(): void
  /** The server does not answer; it is asked again. */
  lost(error: unknown): void
  /** It answers. */
  back(): void
}
