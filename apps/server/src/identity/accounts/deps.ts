import type { Audit } from '#identity/audit'
import type { Settings } from '#identity/settings'
import type { Credentials } from '#identity/credentials'
import type { Grants } from '#identity/grants'
import type { Passwords } from '#identity/passwords'
import type { PerAccount } from '#base/kit'
import type { Base, Db } from '#base/store'
import type { Calendars } from './calendars-repository.ts'
import type { Directory } from './directory.ts'
import type { LoginLimit } from './login-limit.ts'

/** What the module is opened with. Sessions live by `wallClock`, hours by `clock`. */
export interface OpenAccountsDeps extends Pick<
  Base,
  'store' | 'clock' | 'wallClock' | 'monotonic' | 'ids' | 'logger'
> {
  audit: Audit
  settings: Settings
  credentials: Credentials
  passwords: Passwords
  grants: Grants
  /** Where the first start writes its credentials. */
  dataDir: string
}

/** What another module keeps for a skill: nothing of it is left for a later skill with the same id. */
export interface KeptForSkill {
  /** Joins the transaction that deletes the skill. */
  remove(tx: Db, accountId: string, skillId: string): Promise<void>
  /** Called after its commit. */
  removed(accountId: string): void
}

/** Whether a user may go: throws what the caller is told, where not. Joins the transaction that deletes the user. */
export type KeepsUser = (tx: Db, accountId: string, userId: string) => Promise<void>

/** What stops with a user who is disabled, or handles no conversations any more. Joins the transaction that changes it. */
export type StopsWithUser = (tx: Db, accountId: string, userId: string) => Promise<void>

/** What its operations need. */
export interface AccountsDeps extends OpenAccountsDeps {
  directory: PerAccount<Directory>
  calendars: PerAccount<Calendars>
  loginLimit: LoginLimit
  keptForSkills: readonly KeptForSkill[]
  keepUsers: readonly KeepsUser[]
  stopWithUsers: readonly StopsWithUser[]
  /** To be called when sessions of the account have ended: every node forgets what it knows about bearers. */
  sessionsEnded(accountId: string): void
}
