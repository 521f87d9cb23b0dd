import { storable } from '#base/input'
import { messageOf, PassingMap } from '#base/kernel'
import type { LeasedRow } from '#base/store'
import { makeAttempt } from './attempt.ts'
import { poolOf } from './consumer-pools.ts'
import type { RunDeps } from './deps.ts'
import { type Held, isStillOurs, isSure } from './leases.ts'
import { deleteWaiting, postponeRow, renewRows, restRow } from './repository.ts'
import type { OutboxConsumer, OutboxRow } from './types.ts'

/** The outbox rows that are leased to this node. */
export interface Rows {
  consumers: Map<string, OutboxConsumer<unknown>>
  held: PassingMap<number, Held<LeasedRow>>
  /** @param how.isNew it begins with the commit that wrote it, and leaves what comes behind it to the next one */
  start(row: LeasedRow, how?: { isNew: boolean }): void
}

export function openRows(deps: RunDeps): Rows {
  const consumers = new Map<string, OutboxConsumer<unknown>>()
  const held = new PassingMap<number, Held<LeasedRow>>()
  return {
    consumers,
    held,
    start(row, { isNew } = { isNew: false }) {
      // A lease that ran out while this node still works is taken by this node too.
      if (held.has(row.id)) return
      const consumer = consumers.get(row.consumer)
      if (!consumer) return deps.logger.error({ row: row.id }, `No consumer "${row.consumer}"`)
      const holding = { item: row, leasedAt: deps.monotonic.now(), hasBegun: false }
      held.set(row.id, holding)
      deps.pools.add(poolOf(consumer), row.accountId, async () => {
        const isHeld = () => held.get(row.id) === holding
        holding.hasBegun = true
        const renew = () => renewRows(deps.store.db, deps.store.nodeId, [row])
        if (isSure(deps, holding) || (await isStillOurs(deps, renew))) {
          await runRow(deps, consumer, row, { isHeld, isNew })
        }
        if (held.get(row.id) === holding) held.delete(row.id)
      })
    },
  }
}

async function runRow(
  deps: RunDeps,
  consumer: OutboxConsumer<unknown>,
  row: LeasedRow,
  { isHeld, isNew }: { isHeld: () => boolean; isNew: boolean },
): Promise<void> {
  await makeAttempt(deps, {
    name: `${row.consumer} ${row.id}`,
    accountId: row.accountId,
    policy: consumer,
    starts: row.starts,
    failures: row.failures,
    firstAttemptAt: consumer.windowBeginsAtCreation ? row.createdAt : row.firstAttemptAt,
    async run() {
      if (consumer.answersWaitingRows && !isNew) await deleteWaiting(deps.store.db, row)
      await consumer.handle(parsed(consumer, row))
    },
    isHeld,
    rest: () => restRow(deps.store.db, deps.store.nodeId, row),
    postpone: (runAt) =>
      postponeRow(deps.store.db, deps.store.nodeId, { ...row, failures: row.failures + 1 }, runAt),
    putOff: (runAt) =>
      postponeRow(deps.store.db, deps.store.nodeId, { ...row, starts: row.starts - 1 }, runAt),
    async exhaust(cause) {
      try {
        await consumer.exhausted?.(parsed(consumer, row), cause)
      } catch (err) {
        deps.logger.error({ err, consumer: row.consumer, row: row.id }, 'Giving a row up failed')
      }
      if (isHeld()) await moveToDeadLetters(deps, row, cause)
    },
  })
}

/** Stored facts may be of an older version of their schema: they are parsed at every start but one that has them from their writer. */
function parsed(consumer: OutboxConsumer<unknown>, row: LeasedRow): OutboxRow<unknown> {
  const { id, accountId, orderingKey, starts, firstAttemptAt, createdAt } = row
  return {
    id,
    accountId,
    orderingKey,
    facts: row.parsed ?? consumer.facts.parse(row.facts),
    attempt: starts,
    firstAttemptAt,
    createdAt,
  }
}

async function moveToDeadLetters(deps: RunDeps, row: LeasedRow, cause: unknown): Promise<void> {
  await deps.commit({
    accountId: row.accountId,
    documents: [],
    completesRow: { outboxId: row.id },
    deadLetter: {
      source: 'outbox',
      name: row.consumer,
      key: row.orderingKey,
      facts: storable(row.facts),
      attempts: row.starts,
      firstAttemptAt: row.firstAttemptAt,
      cause: storable(messageOf(cause)),
    },
  })
}
