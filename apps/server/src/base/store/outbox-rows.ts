import type { CommitOperation, OutboxInsert } from './operations.ts'
import { orderingHash } from './ordering-hash.ts'

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
