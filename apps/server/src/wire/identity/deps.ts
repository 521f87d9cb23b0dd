import type { Accounts } from '#identity/accounts'

/** What the published identity API needs from other modules. */
export interface Deps {
  accounts: Accounts
  /** The port of the TLS listener, known once it listens. */
  tlsPort: () => number
}
