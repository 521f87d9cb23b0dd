import type { Clock, Logger, Monotonic } from '#base/kernel'
import type { CommitOperation, Store } from '#base/store'
import { commitAndRun } from './commit.ts'
import { openDeadLetters } from './dead-letters.ts'
import { armTimer, armTimerOnce, deleteTimer, disarmTimer } from './enqueue.ts'
import { voidLeases } from './repository.ts'
import { openRows } from './rows.ts'
import { type Line, openRunner } from './runner.ts'
import { openSweeper } from './sweeper.ts'
import { openTimers } from './timers.ts'
import type { Delivery } from './types.ts'

const DISPOSE_PATIENCE_MS = 5_000

export interface DeliveryDeps {
  store: Store
  clock: Clock
  monotonic: Monotonic
  logger: Logger
}

/** Brings what commits left in the outbox to its consumers, and fires timers. */
export function openDelivery(deps: DeliveryDeps): Delivery {
  const { store, clock, monotonic, logger } = deps
  const runner = openRunner((line) => sweeper.onDry(line))
  let isDraining = false

  const hint = (at: number): void => sweeper.hint(at)
  const leave = (line: Line): void => sweeper.leave(line)
  const commit = (operation: CommitOperation) =>
    commitAndRun(
      { store, clock, rows, timers, runner, hint, leave, isDraining: () => isDraining },
      operation,
    )
  const rows = openRows({ ...deps, runner, commit, hint })
  const timers = openTimers({ ...deps, runner, commit, hint })
  const sweeper = openSweeper({ ...deps, runner, rows, timers })

  async function drain(timeoutMs: number): Promise<void> {
    isDraining = true
    await sweeper.stop()
    runner.clear()
    const { promise: timeout, resolve } = Promise.withResolvers<void>()
    using _ = monotonic.after(timeoutMs, resolve, { ref: true })
    await Promise.race([runner.idle(), timeout])
    try {
      await voidLeases(store.db, { of: store.nodeId })
    } catch (err) {
      logger.warn({ err }, 'Leases stay until they run out')
    }
  }

  return {
    consume: (consumer) => void rows.consumers.set(consumer.name, consumer),
    onTimer: (kind) => void timers.kinds.set(kind.kind, kind),
    commit,
    async end(row) {
      await commit({ accountId: row.accountId, documents: [], completesRow: { outboxId: row.id } })
    },
    armTimer,
    armTimerOnce,
    endTimer(tx, timer) {
      timers.markEnding(timer)
      return deleteTimer(tx, timer)
    },
    disarmTimer,
    wake: sweeper.wake,
    start() {
      // Leases of a former run of this only node would hold its work back for no reason.
      const ready = store.isExclusive
        ? voidLeases(store.db, { notOf: store.nodeId })
        : Promise.resolve()
      ready
        .catch((err: unknown) => logger.warn({ err }, 'Old leases stay until they run out'))
        .finally(() => sweeper.start())
    },
    drain,
    deadLetters: openDeadLetters({ store, clock, wake: sweeper.wake }),
    follower: sweeper.follower,
    async [Symbol.asyncDispose]() {
      if (!isDraining) await drain(DISPOSE_PATIENCE_MS)
      sweeper[Symbol.dispose]()
    },
  }
}
