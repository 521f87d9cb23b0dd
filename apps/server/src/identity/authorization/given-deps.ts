import type { Accounts } from '#identity/accounts'
import type { Audit } from '#identity/audit'
import type { Credentials } from '#identity/credentials'
import type { Grants } from '#identity/grants'
import type { Settings } from '#identity/settings'
import type { Base } from '#base/store'

/** What the module is opened with. */
export interface OpenAuthorizationDeps extends Pick<
  Base,
  'store' | 'wallClock' | 'monotonic' | 'logger'
> {
  audit: Audit
  settings: Pick<Settings, 'get'>
  credentials: Credentials
  grants: Grants
  accounts: Accounts
  /** The operator's own address of this server, where one is set. */
  publicUrl: string | undefined
}
