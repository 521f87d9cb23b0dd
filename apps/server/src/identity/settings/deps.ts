import type { AllSettings } from '@parley/contract'
import type { Audit } from '#identity/audit'
import type { PerAccount } from '#base/kit'
import type { Base } from '#base/store'

export interface OpenSettingsDeps extends Pick<Base, 'store' | 'clock'> {
  audit: Audit
}

export interface SettingsDeps extends OpenSettingsDeps {
  cache: PerAccount<AllSettings>
}
