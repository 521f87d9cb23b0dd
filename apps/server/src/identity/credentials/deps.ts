import type { Audit } from '#identity/audit'
import type { CredentialUses } from '#identity/credential-uses'
import type { Settings } from '#identity/settings'
import type { Base } from '#base/store'
import type { MakeKeyPair } from './jwt.ts'
import type { Nonces } from './nonces.ts'
import type { PerAccount } from '#base/kit'
import type { SecretsBox } from '#identity/sealing'
import type { CredentialsSnapshot, SigningKeyEntry } from './snapshot.ts'

/** What the module is opened with. Credentials live by real time; functions sign requests by `clock`. */
export interface OpenCredentialsDeps extends Pick<
  Base,
  'store' | 'logger' | 'clock' | 'wallClock' | 'ids'
> {
  audit: Audit
  /** Say how long tokens and keys live. */
  settings: Settings
  /** Private targets that the operator allows, as `host:port`. */
  egressPrivate: readonly string[]
  /** Of the keys that sign tokens. */
  makeKeyPair?: MakeKeyPair
}

/** What its operations need. */
export interface CredentialsDeps extends OpenCredentialsDeps {
  box: SecretsBox
  snapshots: PerAccount<CredentialsSnapshot>
  nonces: Nonces
  uses: CredentialUses
  /** Newest first. There is one installation, so one entry. */
  installationKeys: PerAccount<readonly SigningKeyEntry[]>
}
