import type { PerAccount } from '#base/kit'
import type { Base } from '#base/store'
import type { Credentials } from '#identity/credentials'

/** What the module is opened with. */
export interface OpenGrantsDeps extends Pick<Base, 'store' | 'wallClock'> {
  credentials: Credentials
}

/** What its operations need. */
export interface GrantsDeps extends OpenGrantsDeps {
  /** Tells every node that something of the account has ended. */
  ends: PerAccount<undefined>
}
