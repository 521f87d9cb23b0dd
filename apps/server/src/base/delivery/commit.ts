import type { Clock } from '#base/kernel'
import type { CommitOperation, CommitOutcome, Store } from '#base/store'
import { lineOf } from './lines.ts'
import type { Rows } from './rows.ts'
import type { Line, Runner } from './runner.ts'
import type { Timers } from './timers.ts'

/** Rows that a line holds at most, for each that it runs at once; the others are left to whoever has time. */
const MAX_HELD_EACH = 8

export interface CommitDeps {
  store: Store
  clock: Clock
  rows: Rows
  timers: Timers
  runner: Runner
  hint: (at: number) => void
  /** Rows of that line were left behind. */
  leave: (line: Line) => void
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
    if (operation.completesRow) rows.held.delete(operation.completesRow.outboxId)
    if (operation.completesTimer) timers.held.delete(operation.completesTimer.generation)
  }
  if (outcome.status !== 'applied') return outcome
  if (outcome.next) rows.start(outcome.next)
  for (const [index, row] of (operation.outbox ?? []).entries()) {
    const born = outcome.outbox[index]
    if (born?.head) {
      const { consumer, orderingKey, facts } = row
      const firstStart = { starts: 1, failures: 0, firstAttemptAt: now, createdAt: now }
      rows.start({
        id: born.id,
        accountId: operation.accountId,
        consumer,
        orderingKey,
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
  const { outbox, completesRow } = operation
  if (!outbox && !completesRow) return operation
  return {
    ...operation,
    ...(outbox && {
      outbox: outbox.map((row) => ({ ...row, lease: hasHandFor(deps, row.consumer) })),
    }),
    ...(completesRow && {
      completesRow: {
        ...completesRow,
        takeNext: !deps.isDraining() && deps.rows.held.has(completesRow.outboxId),
      },
    }),
  }
}

function hasHandFor({ rows, runner, isDraining, leave }: CommitDeps, name: string): boolean {
  const consumer = rows.consumers.get(name)
  if (!consumer || isDraining()) return false
  const line = lineOf(consumer)
  const isFree = runner.sizeOf(line) < line.atOnce * MAX_HELD_EACH
  if (!isFree) leave(line)
  return isFree
}
