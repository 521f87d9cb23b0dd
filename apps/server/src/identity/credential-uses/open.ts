import type { Base } from '#base/store'
import { markApiKeyUsed, markClientUsed, selectLastUses } from './repository.ts'

/** A node notes the uses of one key or application no more often: uses are many, and writes are dear. */
const EVERY_MS = 10 * 60_000

/** Notes when keys and applications are used, and tells it. */
export type CredentialUses = ReturnType<typeof openCredentialUses>

export function openCredentialUses({ store, wallClock }: Pick<Base, 'store' | 'wallClock'>) {
  // As long as the entry itself is in memory.
  const noted = new WeakMap<object, number>()
  async function note(entry: object, write: (at: Date) => Promise<void>): Promise<void> {
    const now = wallClock.now()
    if (now - (noted.get(entry) ?? Number.NEGATIVE_INFINITY) < EVERY_MS) return
    noted.set(entry, now)
    try {
      await write(new Date(now))
    } catch (error) {
      noted.delete(entry)
      throw error
    }
  }
  return {
    ofKey: (accountId: string, key: { readonly keyId: string }) =>
      note(key, (at) => markApiKeyUsed(store.db, accountId, key.keyId, at)),
    ofClient: (accountId: string, client: { readonly clientId: string }) =>
      note(client, (at) => markClientUsed(store.db, accountId, client.clientId, at)),
    last: (accountId: string) => selectLastUses(store.db, accountId),
  }
}
