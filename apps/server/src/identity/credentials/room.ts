import type { AccountSettings } from '@parley/contract'
import type { Clock, Ids } from '#base/kernel'
import type { Db, Store } from '#base/store'
import type { Credentials } from './known.ts'
import type { Nonces } from './nonces.ts'
import type { PerAccount } from './per-account.ts'
import type { SecretsBox } from './secrets-box.ts'

/** What the operations of this room need. */
export interface CredentialsRoom {
  store: Store
  clock: Clock
  ids: Ids
  box: SecretsBox
  credentials: PerAccount<Credentials>
  nonces: Nonces
  /** How long the account wants its tokens and keys to live. */
  lives(accountId: string): Promise<AccountSettings['identity']>
}

/** Who does it: a login name, `client:<id>`, `key:<id>` or `system`. */
export type Actor = string

/** Writes and their audit entries in one transaction; then every node reads anew. */
export async function change<T>(
  { store }: { store: Store },
  cache: { changed(accountId: string): void },
  accountId: string,
  work: (tx: Db) => Promise<T>,
): Promise<T> {
  const done = await store.transaction(work)
  cache.changed(accountId)
  return done
}
