import type { z } from 'zod'
import type { ClockFollower } from '#base/kernel'
import type { CommitOperation, CommitOutcome, Db } from '#base/store'
import type { DeadLetters } from './dead-letters.ts'

/** When a failed row or timer is tried again. All of it is domain time. */
export interface RetryPolicy {
  /** Default: after 0.5, 2 and 5 seconds. */
  readonly retryDelaysMs?: readonly number[]
  /** No retry starts later than this after the first attempt began. Default: a minute. */
  readonly retryWindowMs?: number
}

export interface OutboxConsumer<Facts> extends RetryPolicy {
  readonly name: string
  readonly facts: z.ZodType<Facts>
  /** Must end the row itself: a commit with `ends`, or `delivery.end(row)`. Throwing means: try again by the policy. */
  handle(row: OutboxRow<Facts>): Promise<void>
  /** Called after the last attempt, and must end the row too. Default: a dead letter. */
  exhausted?(row: OutboxRow<Facts>, cause: unknown): Promise<void>
  /** Rows that a node works on at once. With it, slow rows take no place from other consumers'. */
  readonly atOnce?: number
  /** Handling one row answers every row that waits behind it, with the same ordering key: those are deleted first. */
  readonly answersWaitingRows?: boolean
}

export interface OutboxRow<Facts> {
  id: number
  accountId: string
  orderingKey: string
  facts: Facts
  /** 1 for the first start; a start that a crash cut off counts. */
  attempt: number
  firstAttemptAt: number
  createdAt: number
}

export interface TimerKind<Facts> extends RetryPolicy {
  readonly kind: string
  readonly facts: z.ZodType<Facts>
  /**
   * Must end the timer itself: a commit with `fires`, or a transaction with `delivery.endTimer`. Throwing means: try again by
   * the policy, then a dead letter.
   */
  fire(timer: Timer<Facts>): Promise<void>
}

export interface Timer<Facts> {
  accountId: string
  kind: string
  key: string
  dueAt: number
  generation: number
  facts: Facts
}

export interface TimerInsert {
  kind: string
  key: string
  dueAt: number
  facts: object
}

export interface Delivery extends AsyncDisposable {
  consume<Facts>(consumer: OutboxConsumer<Facts>): void
  onTimer<Facts>(kind: TimerKind<Facts>): void
  /** `store.commit`, then the new outbox rows, and the one that waited behind the ended row, run at once. */
  commit(operation: CommitOperation): Promise<CommitOutcome>
  /** Ends a row without any effect. */
  end(row: OutboxRow<unknown>): Promise<void>
  armTimer(tx: Db, accountId: string, timer: TimerInsert): Promise<void>
  /** For what has to be armed always: leaves one alone that is armed, also one that is overdue. */
  armTimerOnce(db: Db, accountId: string, timer: TimerInsert): Promise<void>
  /** Ends a timer that fires; false when it is gone or was armed anew. */
  endTimer(tx: Db, timer: Timer<unknown>): Promise<boolean>
  disarmTimer(tx: Db, accountId: string, timer: { kind: string; key: string }): Promise<void>
  /** Looks for due work at once instead of within a second. */
  wake(): void
  /** Begins to take what other nodes or former runs left, and what becomes due. */
  start(): void
  /** Takes nothing more, and waits for what runs; what has not begun is given back. */
  drain(timeoutMs: number): Promise<void>
  deadLetters: DeadLetters
  /** Lets a virtual clock step through due work. */
  follower: ClockFollower
}
