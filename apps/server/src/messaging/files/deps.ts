import type { Accounts } from '#identity/accounts'
import type { Audit } from '#identity/audit'
import type { Credentials } from '#identity/credentials'
import type { Settings } from '#identity/settings'
import type { Places } from '#base/bounds'
import type { ClientAddress } from '#base/http'
import type { Base } from '#base/store'

export interface FileDeps extends Pick<Base, 'store' | 'clock' | 'ids'> {
  accounts: Accounts
  audit: Audit
  settings: Pick<Settings, 'get'>
  credentials: Credentials
}

/** What uploads and downloads need. */
export interface ServingDeps extends FileDeps {
  clientAddress: ClientAddress
  /** Bytes of files in memory. */
  transfers: Places
}

/** Where a client may put or get a file, for a minute. */
export interface FileGrant {
  relativePath: string
  queryParams: { temp_url_sig: string; temp_url_expires: string }
}
