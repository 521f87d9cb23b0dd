import type { Accounts } from '#identity/accounts'
import type { Audit } from '#identity/audit'
import type { Settings } from '#identity/settings'
import type { Base } from '#base/store'
import type { Writer } from './writer.ts'

/** What the operations of this module need. */
export interface RecordsDeps extends Pick<Base, 'store' | 'clock' | 'logger'> {
  audit: Pick<Audit, 'deleteBefore'>
  accounts: Pick<Accounts, 'listAccountIds'>
  settings: Pick<Settings, 'get'>
  writer: Writer
}
