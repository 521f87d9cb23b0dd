import type { Audit } from '#identity/audit'
import type { Credentials } from '#identity/credentials'
import type { Base } from '#base/store'

/** What the operations of this module need. */
export interface ContextStoreDeps extends Pick<Base, 'store' | 'clock' | 'ids'> {
  audit: Audit
  credentials: Credentials
}
