import type { CommitOperation, OutboxInsert } from './operations.ts'

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

/**
 * Makes the lists that `insert_outbox_rows` reads, without the number of the operation. One encoder for all rows that are
 * inserted together: only the first new row of an ordering key can be its head.
 */
export function openOutboxEncoder() {
  const seen = new Set<string>()
  return (
    { consumer, orderingKey, facts, runAt, lease }: OutboxInsert,
    { accountId }: { accountId: string },
  ): unknown[] => {
    const name = `${accountId}\0${consumer}\0${orderingKey}`
    const mayBeHead = !seen.has(name)
    seen.add(name)
    const hash = orderingHash(accountId, consumer, orderingKey)
    return [accountId, consumer, orderingKey, hash, facts, runAt, lease ?? false, mayBeHead]
  }
}

export function orderingHashes(operations: readonly CommitOperation[]): number[] | undefined {
  const hashes = new Set<number>()
  for (const { accountId, outbox } of operations) {
    for (const { consumer, orderingKey } of outbox ?? []) {
      hashes.add(orderingHash(accountId, consumer, orderingKey))
    }
  }
  return hashes.size > 0 ? [...hashes] : undefined
}
