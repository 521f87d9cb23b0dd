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

/**
 * Begins with work that may have waited for a worker. Work that another node has taken meanwhile is left to it; so is work of
 * which that cannot be asked, to whoever takes it when its lease has run out.
 * @param renew gives what it has renewed
 */
export async function beginHeld(
  { monotonic, logger }: Pick<RunDeps, 'monotonic' | 'logger'>,
  holding: Held<unknown>,
  { renew, run }: { renew: () => Promise<number[]>; run: () => Promise<void> },
): Promise<void> {
  holding.hasBegun = true
  if (monotonic.now() - holding.leasedAt < SURE_MS) return await run()
  let renewed: number[] = []
  try {
    renewed = await renew()
  } catch (err) {
    logger.warn(
      { err },
      'Work that has waited for long is left, as nobody says whether it is still held',
    )
  }
  if (renewed.length > 0) await run()
}
