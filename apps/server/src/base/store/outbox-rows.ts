import { boundedMap, declareBound } from '#base/bounds'
import type { CommitOperation, CommitOutcome, OutboxInsert } from './operations.ts'
import type { Texts } from './procedures/texts.ts'

/** First half of the advisory locks of ordering keys ("PRLT"), so that they meet no others in a shared database. */
export const ORDERING_LOCK_CLASS = 1_347_570_772

/** Second half: a 32-bit FNV-1a hash. Two ordering keys with one hash only wait for each other. */
export function orderingHash(accountId: string, consumer: string, orderingKey: string): number {
  let hash = 0x811c9dc5
  for (const text of [accountId, consumer, orderingKey]) {
    for (let index = 0; index < text.length; index++) {
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
    }
    hash = Math.imul(hash ^ 0xff, 0x01000193)
  }
  return hash | 0
}

const HEADS = declareBound({
  kind: 'map',
  holds: 'ordering keys whose last head is known',
  limit: 20_000,
  per: 'node',
  beyond:
    'the least recently used one is forgotten: its next row looks through all rows of its key',
})

/**
 * The last head that this node has seen of each ordering key. What came before it in its key is gone for good, but the database may have to keep it until the
 * oldest transaction has ended: who looks for another row of the key begins behind it. A database that is restored, or fails over, may
 * use ids again, so nothing is remembered longer than the connections.
 */
export interface KnownHeads {
  /** Every row of the key with this id or a lower one is gone. */
  goneUpTo(name: string): number | undefined
  /** Remembers the heads among the new rows of operations, and the rows that follow their ended ones. */
  note(operations: readonly CommitOperation[], outcomes: readonly CommitOutcome[]): void
  forget(): void
}

export function openKnownHeads(): KnownHeads {
  const heads = boundedMap<string, number>(HEADS)
  return {
    goneUpTo(name) {
      const head = heads.get(name)
      return head === undefined ? undefined : head - 1
    },
    note(operations, outcomes) {
      for (const [number, { accountId, outbox = [] }] of operations.entries()) {
        const outcome = outcomes[number]
        if (outcome?.status !== 'applied') continue
        for (const [index, { id, isLeased }] of outcome.outbox.entries()) {
          const row = outbox[index]
          if (row && isLeased) heads.set(nameOf(accountId, row), id)
        }
        if (outcome.next) heads.set(nameOf(accountId, outcome.next), outcome.next.id)
      }
    },
    forget: () => heads.clear(),
  }
}

function nameOf(
  accountId: string,
  { consumer, orderingKey }: Pick<OutboxInsert, 'consumer' | 'orderingKey'>,
): string {
  return `${accountId}\0${consumer}\0${orderingKey}`
}

/**
 * Makes the lists that `insert_outbox_rows` reads, without the number of the operation. One encoder for all rows that are
 * inserted together: only the first new row of an ordering key can be its head.
 */
export function openOutboxEncoder(texts: Texts, heads?: Pick<KnownHeads, 'goneUpTo'>) {
  const seen = new Set<string>()
  return (row: OutboxInsert, { accountId }: { accountId: string }): unknown[] => {
    const { consumer, orderingKey, facts, runAt, lease } = row
    const name = nameOf(accountId, row)
    const mayBeHead = !seen.has(name)
    seen.add(name)
    const hash = orderingHash(accountId, consumer, orderingKey)
    const goneUpTo = heads?.goneUpTo(name) ?? 0
    return [
      accountId,
      consumer,
      orderingKey,
      hash,
      ...texts.add(JSON.stringify(facts)),
      runAt,
      lease ?? false,
      mayBeHead,
      goneUpTo,
    ]
  }
}

/** Those of the rows that are inserted, as an array of PostgreSQL. */
export function orderingHashes(operations: readonly CommitOperation[]): string | undefined {
  const hashes = new Set<number>()
  for (const { accountId, outbox } of operations) {
    for (const { consumer, orderingKey } of outbox ?? []) {
      hashes.add(orderingHash(accountId, consumer, orderingKey))
    }
  }
  return hashes.size > 0 ? `{${[...hashes].join()}}` : undefined
}
