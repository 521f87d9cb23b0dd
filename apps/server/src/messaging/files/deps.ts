import type { Accounts } from '#identity/accounts'
import type { Http } from '#base/http'
import type { Clock, Ids } from '#base/kernel'
import type { Store } from '#base/store'

export interface FileDeps {
  store: Store
  accounts: Accounts
  clock: Clock
  ids: Ids
  http: Http
}

/** Where a client may put or get a file, for a minute. */
export interface FileGrant {
  relativePath: string
  queryParams: { temp_url_sig: string; temp_url_expires: string }
}
