import { tellChange, tellRuns } from '#base/changes'
import type { CommitOperation, CommitOutcome } from '#base/store'
import { poolOf } from './consumer-pools.ts'
import type { DeliveryDeps } from './deps.ts'
import type { Rows } from './rows.ts'
import type { Timers } from './timers.ts'
import type { WorkerPool, WorkerPools } from './worker-pools.ts'

export interface CommitDeps extends Pick<DeliveryDeps, 'store' | 'clock'> {
  rows: Rows
  timers: Timers
  pools: WorkerPools
  hint: (at: number) => void
  /** A row of that account stayed in the outbox. */
  leave: (pool: WorkerPool, accountId: string) => void
  isDraining: () => boolean
}

/** Commits, and begins at once with the rows that may run now, after `applied`. */
export async function commitAndRun(
  deps: CommitDeps,
  operation: CommitOperation,
  applied?: () => void,
): Promise<CommitOutcome> {
  const { clock, rows, timers, hint } = deps
  const now = clock.now()
  const outcome = await commitWithLeases(deps, operation)
  if (outcome.status === 'applied' || outcome.status === 'gone') {
    const { completesRow } = operation
    if (completesRow && !completesRow.goesOnAs) rows.held.delete(completesRow.outboxId)
    if (operation.completesTimer) timers.held.delete(operation.completesTimer.generation)
  }
  if (outcome.status !== 'applied') return outcome
  applied?.()
  const { accountId, invocations = [], deadLetter } = operation
  tellRuns(deps.store, invocations)
  if (deadLetter) tellChange(deps.store, accountId, { topic: 'deadLetters' })
  if (outcome.next) rows.start(outcome.next)
  for (const [index, row] of (operation.outbox ?? []).entries()) {
    const inserted = outcome.outbox[index]
    if (inserted?.isLeased) {
      const { consumer, orderingKey, facts, parsed } = row
      const firstStart = { starts: 1, failures: 0, firstAttemptAt: now, createdAt: now }
      const { id } = inserted
      rows.start(
        { id, accountId, consumer, orderingKey, facts, parsed, ...firstStart },
        { isNew: true },
      )
    } else if (row.runAt !== undefined) hint(row.runAt)
  }
  for (const { dueAt } of operation.arm ?? []) hint(dueAt)
  return outcome
}

/** New rows, and the one that waits behind the ended row, are leased to this node, if its workers can begin with them. */
async function commitWithLeases(
  deps: CommitDeps,
  operation: CommitOperation,
): Promise<CommitOutcome> {
  const { outbox, completesRow } = operation
  if (!outbox && !completesRow) return deps.store.commit(operation)
  const isResting = deps.store.suspensions.has(operation.accountId)
  using reserved = new DisposableStack()
  return await deps.store.commit({
    ...operation,
    ...(outbox && {
      outbox: outbox.map((row) => ({
        ...row,
        lease: !isResting && reserveFor(deps, reserved, operation.accountId, row.consumer),
      })),
    }),
    ...(completesRow && {
      completesRow: {
        ...completesRow,
        takeNext:
          !deps.isDraining() &&
          !isResting &&
          (completesRow.goesOnAs !== undefined || deps.rows.held.has(completesRow.outboxId)),
      },
    }),
  })
}

/** A row that would wait for a worker is not leased: it stays in the outbox, for the nodes that have time. */
function reserveFor(
  { rows, pools, isDraining, leave }: CommitDeps,
  reserved: DisposableStack,
  accountId: string,
  name: string,
): boolean {
  const consumer = rows.consumers.get(name)
  if (!consumer || isDraining()) return false
  const pool = poolOf(consumer)
  const worker = pools.reserve(pool, accountId)
  if (worker) reserved.use(worker)
  else leave(pool, accountId)
  return worker !== undefined
}
