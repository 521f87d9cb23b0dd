import type { Credentials } from '#identity/credentials'
import type { Base } from '#base/store'
import type { SecretMask } from '#base/kit'
import type { Records } from '#faas/records'

/** What the operations of this module need. */
export interface RecordingsDeps extends Pick<Base, 'store' | 'clock' | 'monotonic' | 'logger'> {
  credentials: Pick<Credentials, 'secrets'>
  records: Pick<Records, 'get'>
  maskOf(accountId: string): SecretMask
}
