import type { Base } from '#base/store'
import { deleteNonce, deleteNoncesBefore, useNonce } from './repository.ts'

/** How far the clock of a caller may be off. */
const NONCE_WINDOW_MS = 5 * 60_000
/** How often old ones are swept, in uses on this node. */
const SWEEP_EVERY = 500

/** What may be used once per key while its timestamp is accepted. */
export interface Nonces {
  /** `false` when it was used before, on whichever node. */
  use(accountId: string, key: string, nonce: string, at: number): Promise<boolean>
  /** For who has used it: it may be used again. Where the database fails it stays used, which the log says: never rejects. */
  release(accountId: string, key: string, nonce: string): Promise<void>
}

type Clocks = Pick<Base, 'clock' | 'wallClock'>

/**
 * Whether a caller made its proof now: by real time, as callers outside do, or by the platform's clock, which functions see
 * as time.
 */
export function isNow({ clock, wallClock }: Clocks, at: number): boolean {
  return (
    Math.abs(wallClock.now() - at) <= NONCE_WINDOW_MS ||
    Math.abs(clock.now() - at) <= NONCE_WINDOW_MS
  )
}

export function openNonces({
  store,
  clock,
  wallClock,
  logger,
}: Pick<Base, 'store' | 'logger'> & Clocks): Nonces {
  let sinceSweep = 0
  return {
    async use(accountId, key, nonce, at) {
      sinceSweep += 1
      if (sinceSweep >= SWEEP_EVERY) {
        sinceSweep = 0
        const now = Math.min(clock.now(), wallClock.now())
        await deleteNoncesBefore(store.db, new Date(now - 2 * NONCE_WINDOW_MS))
      }
      return useNonce(store.db, accountId, key, nonce, new Date(at))
    },
    async release(accountId, key, nonce) {
      try {
        await deleteNonce(store.db, accountId, key, nonce)
      } catch (err) {
        logger.warn({ err, accountId }, 'A request that was refused cannot be sent again as it is')
      }
    },
  }
}
