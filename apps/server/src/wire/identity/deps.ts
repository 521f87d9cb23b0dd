import type { Accounts } from '#identity/accounts'
import type { Authorization } from '#identity/authorization'
import type { Base } from '#base/store'
import type { Credentials } from '#identity/credentials'
import type { Settings } from '#identity/settings'

/** What the published identity API needs from other modules. */
export interface Deps extends Pick<Base, 'store' | 'clock' | 'monotonic'> {
  perAddress: { signUpsPerMinute: number }
  accounts: Accounts
  settings: Pick<Settings, 'get'>
  credentials: Credentials
  authorization: Authorization
  /** The port of the TLS listener, known once it listens. */
  tlsPort: () => number
  /** The operator's own address of this server, where one is set. */
  publicUrl: string | undefined
}
