import type { Insertable } from 'kysely'
import type { Tables } from './tables/index.ts'

/**
 * What one commit does: all of it, or nothing. States, bodies and facts are JSON of the modules that write them, and are
 * parsed by their schemas where they are read.
 */
export interface CommitOperation {
  accountId: string
  /**
   * The documents that the decision read. The operation is applied only if each still has the version that was
   * read (0: must not exist yet). `state: null` only checks. Kind `conversation` lives in table `conversation`, every
   * other kind in table `document`.
   */
  documents: DocumentWrite[]
  messages?: MessageInsert[]
  outbox?: OutboxInsert[]
  /** Upserts: arming a timer again replaces it and gives it a new generation. */
  arm?: TimerArm[]
  disarm?: { kind: string; key: string }[]
  /** A missing column becomes NULL. */
  invocations?: readonly InvocationInsert[]
  /** Counted by the minute, with everything else or not at all. */
  figures?: readonly FigureInsert[]
  /** Ends that outbox row; when it is gone, nothing at all is applied. */
  completesRow?: OutboxEnd
  /** Deletes that timer; when it is gone or re-armed, nothing at all is applied. */
  completesTimer?: { kind: string; key: string; generation: number }
  /** Keeps what could not be delivered, beside `completesRow` or `completesTimer`. */
  deadLetter?: DeadLetterInsert
  /** Nobody waits for it: it may leave some milliseconds later, with others. */
  canWait?: boolean
}

/** Something that happened in a conversation or a live chat, for the figures of its minute. */
export interface FigureInsert {
  /** Domain time, in milliseconds. */
  at: number
  channel: string
  skillId: string
  /** Absent where nobody is assigned. */
  agentId?: string | undefined
  measure: string
  /** Of values that are measured: which class of values this one is in, and the value. */
  bucket?: number
  value?: number
}

/** The record of an invocation, as a row. */
export type InvocationInsert = Insertable<Tables['invocation']>

export interface DocumentWrite {
  kind: string
  id: string
  readVersion: number
  state: object | null
}

export interface MessageInsert {
  conversationId: string
  dialogId: string
  sequence: number
  /** Domain time, in milliseconds. */
  at: number
  /** The client's request id: unique per account, so that a request sent again is stored once. */
  requestKey?: string
  body: object
}

export interface OutboxInsert {
  consumer: string
  /** Rows of one consumer with the same ordering key run one after the other. */
  orderingKey: string
  facts: object
  /** What the consumer's schema makes of `facts`, where the writer has it: a first start on this node need not parse them. */
  parsed?: unknown
  /** Domain time before which the row must not run. */
  runAt?: number
  /** Leases it to this node when it is inserted, if it may run at once. Set by `delivery`. */
  lease?: boolean
}

export interface TimerArm {
  kind: string
  key: string
  /** Domain time, in milliseconds. */
  dueAt: number
  facts: object
}

export interface OutboxEnd {
  outboxId: number
  /** Only while it is a row of this consumer: else it counts as gone. */
  consumer?: string
  /** The row is not deleted: it goes on as a row of another consumer, and no longer holds those behind it. */
  goesOnAs?: RowHandover
  /** Leases the next row of the same ordering key to this node, if it may run at once. Set by `delivery`. */
  takeNext?: boolean
}

export interface RowHandover {
  consumer: string
  /** The ordering key that the row has, and keeps. */
  orderingKey: string
  /** Members that are set in the facts of the row. */
  mark: object
}

export interface DeadLetterInsert {
  source: 'outbox' | 'timer'
  /** The consumer of an outbox row, the kind of a timer. */
  name: string
  /** The ordering key of an outbox row, the key of a timer. */
  key: string
  facts: unknown
  attempts: number
  firstAttemptAt: number
  cause: string
}

export type CommitOutcome =
  /**
   * `outbox`: the new rows, and whether each is leased to this node. `next`: the row after the ended one, with the same ordering key, leased to
   * this node.
   */
  | { status: 'applied'; outbox: { id: number; isLeased: boolean }[]; next?: LeasedRow }
  /** A document has another version. */
  | { status: 'stale' }
  /** Another commit has ended the outbox row or the timer. */
  | { status: 'gone' }
  /** A message with this request key is stored already. */
  | { status: 'duplicate'; requestKey: string }

/** An outbox row that is leased to this node. */
export interface LeasedRow {
  id: number
  accountId: string
  consumer: string
  orderingKey: string
  facts: unknown
  /** As in `OutboxInsert`. */
  parsed?: unknown
  /** How often it was started, this time included. */
  starts: number
  /** How many starts ended in a failure. */
  failures: number
  /** Domain time. */
  firstAttemptAt: number
  createdAt: number
}
