import type { Accounts } from '#identity/accounts'
import type { Audit } from '#identity/audit'
import type { Settings } from '#identity/settings'
import type { Base } from '#base/store'

/** What the module is opened with. Invitations end by `wallClock`. */
export interface InvitationsDeps extends Pick<Base, 'store' | 'wallClock' | 'ids'> {
  audit: Audit
  settings: Settings
  accounts: Pick<Accounts, 'users' | 'permissionsOf' | 'openAttempt'>
}
