import type * as z from 'zod'
import type { DeadLetterInsert } from '#base/store'

/** When a failed row or timer is tried again. All of it is domain time. */
export interface RetryPolicy {
  /** Default: after 0.5, 2 and 5 seconds. */
  readonly retryDelaysMs?: readonly number[]
  /** No retry starts later than this after the first attempt began. Default: a minute. */
  readonly retryWindowMs?: number
}

/**
 * Who runs the work on a node. `platform`: workers for what only asks the database. `functions`: workers for what may wait for a
 * function. A number: so many workers of its own, for what waits for somebody else. One account gets half of them at most: what is
 * slow for it must not be slow for the others.
 */
export type Workers = 'platform' | 'functions' | number

export interface OutboxConsumer<Facts> extends RetryPolicy {
  readonly name: string
  readonly facts: z.ZodType<Facts>
  /**
   * Must end the row itself: by a commit with `completesRow`, or by `delivery.end(row)`. When it throws, the row is tried again
   * by the policy; `NotNow` puts it off instead.
   */
  handle(row: OutboxRow<Facts>): Promise<void>
  /** Called after the last attempt, and must end the row too. Default: a dead letter. */
  exhausted?(row: OutboxRow<Facts>, cause: unknown): Promise<void>
  readonly workers: Workers
  /** The window of retries begins when a row was written, so that rows which waited behind a failing one are not tried as long again. */
  readonly windowBeginsAtCreation?: boolean
  /**
   * Handling one row answers every row that waits behind it, with the same ordering key: those are deleted first. A row that
   * begins with its own commit leaves them to the next one.
   */
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
  /** What becomes of a due time is kept for those who ask; see `recurringTimer`. */
  readonly recurs?: boolean
  /** `nextDue` leaves it out: an account waits for nothing of it. See `openFollowUp`. */
  readonly isFollowUp?: boolean
  readonly workers: Workers
  readonly facts: z.ZodType<Facts>
  /**
   * Must end the timer itself: by a commit with `completesTimer`, or by a transaction with `delivery.endTimer`. When it throws,
   * the timer is tried again by the policy, then `exhausted` says what becomes of it.
   */
  fire(timer: Timer<Facts>): Promise<void>
  /**
   * What becomes of the timer after its last attempt: a dead letter, for work that is due once. Work that recurs ends the timer
   * itself and arms its next time: nothing else would. When that fails, it is called again once the lease has run out.
   */
  readonly exhausted:
    | 'dead letter'
    | { goOn(timer: Timer<Facts>, letter: DeadLetterInsert): Promise<void> }
}

export interface Timer<Facts> {
  accountId: string
  kind: string
  key: string
  dueAt: number
  generation: number
  facts: Facts
}
