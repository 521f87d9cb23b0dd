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
