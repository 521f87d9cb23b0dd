import type { TranscriptSettings } from '@parley/contract'
import type { Base } from '#base/store'
import type { Delivery } from '#base/delivery'
import type { Mails } from '#chat/mail'
import type { Invocations } from '#faas/invocations'
import type { Records } from '#faas/records'
import type { AccountDocument } from './account-document.ts'
import type { ReadChat } from './transcript-chat.ts'

/** What the module is opened with. */
export interface OpenTranscriptsDeps extends Pick<
  Base,
  'store' | 'clock' | 'monotonic' | 'ids' | 'logger'
> {
  delivery: Delivery
  invocations: Pick<Invocations, 'invokeEvent'>
  records: Pick<Records, 'erase'>
  /** Reads a chat as its transcript shows it. */
  readChat: ReadChat
  /** Without one, mails are kept. */
  smtpUrl: string | undefined
}

/** What its operations need. */
export interface TranscriptDeps extends OpenTranscriptsDeps {
  settings: AccountDocument<TranscriptSettings>
  mails: Mails
}
