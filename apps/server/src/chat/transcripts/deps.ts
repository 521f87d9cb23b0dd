import type { TranscriptSettings } from '@parley/contract'
import type { Delivery } from '#base/delivery'
import type { Invocations } from '#faas/invocations'
import type { Clock, Ids, Logger, Monotonic } from '#base/kernel'
import type { Mails } from '#chat/mail'
import type { Records } from '#faas/records'
import type { Store } from '#base/store'
import type { AccountDocument } from './account-document.ts'
import type { ReadChat } from './transcript-chat.ts'

/** What the room is opened with. */
export interface TranscriptDeps {
  store: Store
  delivery: Delivery
  invocations: Pick<Invocations, 'invokeEvent'>
  records: Pick<Records, 'erase'>
  clock: Clock
  monotonic: Monotonic
  ids: Ids
  logger: Logger
  /** Without one, mails are kept. */
  smtpUrl: string | undefined
}

/** What its operations need. */
export interface TranscriptRoom extends TranscriptDeps {
  settings: AccountDocument<TranscriptSettings>
  mails: Mails
  readChat: ReadChat
}
