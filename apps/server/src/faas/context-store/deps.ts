import type { Audit } from '#identity/audit'
import type { Credentials } from '#identity/credentials'
import type { Base } from '#base/store'
import type { Settings } from '#identity/settings'
import type { Quota } from './quota.ts'

/** What the module is opened with. */
export interface OpenContextStoreDeps extends Pick<Base, 'store' | 'clock' | 'monotonic' | 'ids'> {
  audit: Audit
  credentials: Credentials
  settings: Pick<Settings, 'get'>
}

/** What its operations need. */
export interface ContextStoreDeps extends OpenContextStoreDeps {
  quota: Quota
}
