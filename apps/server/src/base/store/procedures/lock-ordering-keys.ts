/**
 * Locks ordering keys by their hashes until the transaction ends, in the order that all nodes share: while a node holds the
 * lock, no other one changes which row of that key is the head. The first number is `ORDERING_LOCK_CLASS`.
 * @param hashes an expression of type `int[]`
 */
export function lockOrderingKeys(hashes: string): string {
  return `perform pg_advisory_xact_lock(1347570772, hash) from (
      select distinct hash from unnest(${hashes}) hash where hash is not null order by hash
    ) sorted`
}
