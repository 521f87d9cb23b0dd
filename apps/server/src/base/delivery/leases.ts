import type { PassingMap } from '#base/kernel'
import type { RunDeps } from './deps.ts'

/** A node that has known nothing of a lease for longer may have lost it: it stood still, and another one works by now. */
const SURE_MS = 4_000

/** Work that is leased to this node. */
export interface Held<Item> {
  item: Item
  /** When this node last knew that it had the lease; monotonic. */
  leasedAt: number
  hasBegun: boolean
}

/** Forgets what has not begun. */
export function dropWaiting<Item>(held: PassingMap<number, Held<Item>>): Item[] {
  const waiting = [...held].filter(([, { hasBegun }]) => !hasBegun)
  for (const [id] of waiting) held.delete(id)
  return waiting.map(([, { item }]) => item)
}

/** Whether this node knows, without asking, that the lease is its own: work that did not wait for long for a worker. */
export function isSure(
  { monotonic }: Pick<RunDeps, 'monotonic'>,
  { leasedAt }: Held<unknown>,
): boolean {
  return monotonic.now() - leasedAt < SURE_MS
}

/**
 * Whether the lease is still this node's. Work that another node has taken meanwhile is left to it; so is work of which that
 * cannot be asked, to whoever takes it when its lease has run out.
 * @param renew gives what it has renewed
 */
export async function isStillOurs(
  { logger }: Pick<RunDeps, 'logger'>,
  renew: () => Promise<number[]>,
): Promise<boolean> {
  try {
    return (await renew()).length > 0
  } catch (err) {
    logger.warn(
      { err },
      'Work that has waited for long is left, as nobody says whether it is still held',
    )
    return false
  }
}
