import type { Accounts } from '#identity/accounts'
import type { Credentials } from '#identity/credentials'

/** What the published identity API needs from other modules. */
export interface Deps {
  accounts: Accounts
  credentials: Credentials
  /** The port of the TLS listener, known once it listens. */
  tlsPort: () => number
}
