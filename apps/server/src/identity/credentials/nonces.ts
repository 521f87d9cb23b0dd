import type { Base } from '#base/store'
import { deleteNoncesBefore, useNonce } from './repository.ts'

/** How far the clock of a caller may be off. */
export const NONCE_WINDOW_MS = 5 * 60_000
/** How often old ones are swept, in uses on this node. */
const SWEEP_EVERY = 500

/** What may be used once per key while its timestamp is accepted. */
export interface Nonces {
  /** `false` when it was used before, on whichever node. */
  use(accountId: string, key: string, nonce: string, at: number): Promise<boolean>
}

export function openNonces({ store, wallClock }: Pick<Base, 'store' | 'wallClock'>): Nonces {
  let sinceSweep = 0
  return {
    async use(accountId, key, nonce, at) {
      sinceSweep += 1
      if (sinceSweep >= SWEEP_EVERY) {
        sinceSweep = 0
        await deleteNoncesBefore(store.db, new Date(wallClock.now() - 2 * NONCE_WINDOW_MS))
      }
      return useNonce(store.db, accountId, key, nonce, new Date(at))
    },
  }
}
