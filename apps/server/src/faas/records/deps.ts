import type { Accounts } from '#identity/accounts'
import type { Base } from '#base/store'
import type { Writer } from './writer.ts'

/** What the operations of this module need. */
export interface RecordsDeps extends Pick<Base, 'store' | 'clock'> {
  accounts: Pick<Accounts, 'settings' | 'listAccountIds'>
  writer: Writer
}
