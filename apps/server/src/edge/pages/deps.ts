import type { Accounts } from '#identity/accounts'
import type { Settings } from '#identity/settings'
import type { Base } from '#base/store'

export type PageDeps = Pick<Base, 'store' | 'clock'> & {
  accounts: Pick<Accounts, 'getAccount' | 'shiftStatus' | 'skills'>
  settings: Pick<Settings, 'get'>
}
