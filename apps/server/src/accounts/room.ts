import type { AccountSettings } from '@parley/contract'
import type { Clock, Ids, Logger } from '#kernel'
import type { Db, Store } from '#store'
import type { Calendars } from './calendars.ts'
import type { Credentials } from './credentials.ts'
import type { Directory } from './directory.ts'
import type { Nonces } from './nonces.ts'
import type { PerAccount } from './per-account.ts'
import type { SecretsBox } from './secrets-box.ts'

/** What the operations of this room need. */
export interface AccountsRoom {
  store: Store
  clock: Clock
  ids: Ids
  logger: Logger
  box: SecretsBox
  settings: PerAccount<AccountSettings>
  directory: PerAccount<Directory>
  calendars: PerAccount<Calendars>
  credentials: PerAccount<Credentials>
  nonces: Nonces
  /** Sessions of the account have ended: what was found out about bearers is forgotten on every node. */
  sessionsEnded(accountId: string): void
}

/** Who does it: a login name, `client:<id>`, `key:<id>` or `system`. */
export type Actor = string

/** Writes and its audit entry in one transaction; then every node reads anew. */
export async function change<T>(
  room: AccountsRoom,
  cache: { changed(accountId: string): void },
  accountId: string,
  work: (tx: Db) => Promise<T>,
): Promise<T> {
  const done = await room.store.transaction(work)
  cache.changed(accountId)
  return done
}
