import type { AccountSettings } from '@parley/contract'
import type { CredentialsRoom, PerAccount } from '#identity/credentials'
import type { Calendars } from './calendars.ts'
import type { Directory } from './directory.ts'

/** What the operations of this room need. */
export interface AccountsRoom extends CredentialsRoom {
  settings: PerAccount<AccountSettings>
  directory: PerAccount<Directory>
  calendars: PerAccount<Calendars>
  /** Sessions of the account have ended: what was found out about bearers is forgotten on every node. */
  sessionsEnded(accountId: string): void
}
