import type { Clock } from '#kernel'
import type { CommitOperation, CommitOutcome, Store } from '#store'
import type { Rows } from './rows.ts'
import type { Timers } from './timers.ts'

/** Rows that a node holds at most; beyond that they are left to whoever has time. */
const MOST_HELD = 2_000

export interface CommitDeps {
  store: Store
  clock: Clock
  rows: Rows
  timers: Timers
  hint: (at: number) => void
  isDraining: () => boolean
}

/** Commits, and begins at once what may run now. */
export async function commitAndRun(
  deps: CommitDeps,
  operation: CommitOperation,
): Promise<CommitOutcome> {
  const { store, clock, rows, timers, hint } = deps
  const now = clock.now()
  const outcome = await store.commit(withLeases(deps, operation))
  if (outcome.status === 'applied' || outcome.status === 'gone') {
    if (operation.ends) rows.held.delete(operation.ends.outboxId)
    if (operation.fires) timers.held.delete(operation.fires.generation)
  }
  if (outcome.status !== 'applied') return outcome
  if (outcome.next) rows.start(outcome.next)
  for (const [index, row] of (operation.outbox ?? []).entries()) {
    const born = outcome.outbox[index]
    if (born?.head) {
      const { consumer, lane, facts } = row
      const firstStart = { starts: 1, failures: 0, firstAttemptAt: now, createdAt: now }
      rows.start({
        id: born.id,
        accountId: operation.accountId,
        consumer,
        lane,
        facts,
        ...firstStart,
      })
    } else if (row.runAt !== undefined) hint(row.runAt)
  }
  for (const { dueAt } of operation.arm ?? []) hint(dueAt)
  return outcome
}

/** What is born or comes next is leased to this node, if it has a hand free for it. */
function withLeases(deps: CommitDeps, operation: CommitOperation): CommitOperation {
  const { outbox, ends } = operation
  if (!outbox && !ends) return operation
  const { rows } = deps
  const isFree = !deps.isDraining() && rows.held.size < MOST_HELD
  return {
    ...operation,
    ...(outbox && {
      outbox: outbox.map((row) => ({
        ...row,
        lease: isFree && rows.consumers.has(row.consumer),
      })),
    }),
    ...(ends && { ends: { ...ends, takeNext: isFree && rows.held.has(ends.outboxId) } }),
  }
}
