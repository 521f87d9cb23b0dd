import type { AllSettings } from '@parley/contract'
import type { Actor, Audit } from '#identity/audit'
import type { PerAccount } from '#base/kit'
import type { Base, Db } from '#base/store'

export interface OpenSettingsDeps extends Pick<Base, 'store' | 'clock'> {
  audit: Audit
}

/** What else a change of settings writes in its transaction. */
export type AlsoWrite = (
  tx: Db,
  accountId: string,
  change: { before: AllSettings; after: AllSettings; actor?: Actor | undefined },
) => Promise<void>

export interface SettingsDeps extends OpenSettingsDeps {
  cache: PerAccount<AllSettings>
  writers: AlsoWrite[]
}
