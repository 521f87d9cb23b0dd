import { type ClockFollower, withDeps } from '#base/kernel'
import type { Http } from '#base/http'
import type { CommitOperation, CommitOutcome, Db } from '#base/store'
import { commitAndRun } from './commit-and-run.ts'
import { ALARMS } from './consumer-pools.ts'
import * as deadLetterOperations from './dead-letters.ts'
import type { DeliveryDeps } from './deps.ts'
import { type NextDue, nextDueOf, restRows, resumeWork, voidLeases } from './repository.ts'
import { listRecurring, type RecurringWork } from './recurring-work.ts'
import { deliveryRoutes, type DeadLetters } from './routes.ts'
import { wakeRested } from './resting.ts'
import { dropWaiting } from './leases.ts'
import { openRows } from './rows.ts'
import { openSweeper } from './sweeper.ts'
import {
  armTimer,
  armTimerOnce,
  bringAllBack,
  bringTimerBack,
  bringForward,
  deleteTimer,
  disarmTimer,
  restTimers,
} from './timer-repository.ts'
import { openTimers } from './timers.ts'
import type { OutboxConsumer, OutboxRow, Timer, TimerKind } from './types.ts'
import { openWorkerPools, type WorkerPool } from './worker-pools.ts'

const DISPOSE_PATIENCE_MS = 5_000

const timerOperations = {
  armTimer,
  armTimerOnce,
  bringAllBack,
  bringTimerBack,
  bringForward,
  disarmTimer,
}
type TimerOperations = typeof timerOperations

export interface Delivery extends AsyncDisposable, TimerOperations {
  consume<Facts>(consumer: OutboxConsumer<Facts>): void
  onTimer<Facts>(kind: TimerKind<Facts>): void
  /**
   * `store.commit`, then the new outbox rows, and the one that waited behind the ended row, run at once.
   * @param applied is called before them, when the operation was applied: for what they may read in memory
   */
  commit(operation: CommitOperation, applied?: () => void): Promise<CommitOutcome>
  /** Ends a row without any effect. */
  end(row: OutboxRow<unknown>): Promise<void>
  /** Ends a timer that fires; false when it is gone or was armed anew. */
  endTimer(tx: Db, timer: Timer<unknown>): Promise<boolean>
  /**
   * Calls `job` once at that instant, if this node still runs then: what must survive the node is a timer. Disposing cancels it.
   * A job handles its own failures.
   */
  alarm(at: number, accountId: string, job: () => Promise<void>): Disposable
  /** In the transaction that resumes a suspended account: what rested goes on, and gets all its attempts again. */
  resumeWork(tx: Db, accountId: string): Promise<void>
  /** Looks for due work at once instead of within a second: after a transaction with `store.enqueue`. */
  wake(): void
  /** Begins to take what other nodes or former runs left, and what becomes due. */
  start(): void
  /** Takes nothing more, and waits for what runs; what has not begun is given back. */
  drain(timeoutMs: number): Promise<void>
  /** What could not be delivered; an administrator may read it and put it back. */
  readonly deadLetters: DeadLetters
  /** What becomes due next in an account, later than now. */
  nextDue(accountId: string): Promise<NextDue | undefined>
  /** Work of an account, or of `ALL_ACCOUNTS`, that is due again and again. */
  recurring(accountId: string): Promise<RecurringWork[]>
  /** Lets a virtual clock step through due work. */
  readonly follower: ClockFollower
  routes(http: Http): void
}

/** Gives outbox rows to their consumers, and fires timers. */
export function openDelivery(deps: DeliveryDeps): Delivery {
  const { store, monotonic, logger } = deps
  const pools = openWorkerPools((pool) => sweeper.onFree(pool))
  let isDraining = false

  const hint = (at: number): void => sweeper.hint(at)
  const leave = (pool: WorkerPool, accountId: string): void => sweeper.leave(pool, accountId)
  const commit = (operation: CommitOperation, applied?: () => void) =>
    commitAndRun(
      { ...deps, rows, timers, pools, hint, leave, isDraining: () => isDraining },
      operation,
      applied,
    )
  const rows = openRows({ ...deps, pools, commit, hint })
  const timers = openTimers({ ...deps, pools, commit, hint })
  const sweeper = openSweeper({ ...deps, pools, rows, timers })
  const standing = store.suspensions.onChange(() => sweeper.wake())
  const deadLetters = withDeps({ ...deps, wake: sweeper.wake }, deadLetterOperations)

  const recurring = (accountId: string) => listRecurring(store.db, timers.kinds.values(), accountId)

  async function drain(timeoutMs: number): Promise<void> {
    isDraining = true
    await sweeper.stop()
    pools.clear()
    // Other nodes need not wait until what runs has ended.
    try {
      await restRows(store.db, store.nodeId, dropWaiting(rows.held))
      await restTimers(store.db, store.nodeId, dropWaiting(timers.held))
    } catch (err) {
      logger.warn({ err }, 'What has not begun is given back later')
    }
    const { promise: timeout, resolve } = Promise.withResolvers<void>()
    using _ = monotonic.after(timeoutMs, resolve, { ref: true })
    await Promise.race([pools.idle(), timeout])
    try {
      await voidLeases(store.db, { of: store.nodeId })
    } catch (err) {
      logger.warn({ err }, 'Leases stay until they run out')
    }
  }

  return {
    ...timerOperations,
    consume: (consumer) => void rows.consumers.set(consumer.name, consumer),
    onTimer: (kind) => void timers.kinds.set(kind.kind, kind),
    commit,
    async end(row) {
      const { accountId, id } = row
      await commit({ accountId, documents: [], completesRow: { outboxId: id }, canWait: true })
    },
    endTimer(tx, timer) {
      timers.markEnding(timer)
      return deleteTimer(tx, timer)
    },
    alarm: (at, accountId, job) =>
      deps.clock.alarm(at, () => {
        if (!isDraining) pools.add(ALARMS, accountId, job)
      }),
    resumeWork,
    wake: sweeper.wake,
    start() {
      // Leases of a former run of this only node would hold its work back for no reason.
      const ready = store.isExclusive
        ? voidLeases(store.db, { notOf: store.nodeId })
        : Promise.resolve()
      ready
        .catch((err: unknown) => logger.warn({ err }, 'Old leases stay until they run out'))
        // A node of an older version that has resumed an account left its work resting.
        .then(() => wakeRested(store.db))
        .catch((err: unknown) => logger.warn({ err }, 'What rests was not looked at'))
        .finally(() => sweeper.start())
    },
    drain,
    deadLetters,
    nextDue(accountId) {
      const without = [...timers.kinds.values()].filter(({ isFollowUp }) => isFollowUp)
      return nextDueOf(store.db, accountId, {
        now: deps.clock.now(),
        without: without.map(({ kind }) => kind),
      })
    },
    recurring,
    follower: sweeper.follower,
    routes: (http) => deliveryRoutes(http, { ...deps, recurring }, deadLetters),
    async [Symbol.asyncDispose]() {
      if (!isDraining) await drain(DISPOSE_PATIENCE_MS)
      sweeper[Symbol.dispose]()
      standing[Symbol.dispose]()
    },
  }
}
