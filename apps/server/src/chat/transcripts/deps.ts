import type { Base } from '#base/store'
import type { Delivery } from '#base/delivery'
import type { ChatSight, Mails } from '#chat/mail'
import type { Invocations } from '#faas/invocations'
import type { Recordings } from '#faas/recordings'
import type { Records } from '#faas/records'
import type { Reading } from '#messaging/reading'
import type { Settings } from '#identity/settings'
import type { ChatReader } from './transcript-chat.ts'

/** What the module is opened with. */
export interface OpenTranscriptsDeps extends Pick<
  Base,
  'store' | 'clock' | 'monotonic' | 'ids' | 'logger'
> {
  delivery: Delivery
  settings: Settings
  invocations: Pick<Invocations, 'invokeEvent'>
  records: Pick<Records, 'erase'>
  recordings: Pick<Recordings, 'erase'>
  reading: Pick<Reading, 'readerOf'>
  chatSight: ChatSight
  chatReader: ChatReader
  /** Without one, mails are kept. */
  smtpUrl: string | undefined
}

/** What its operations need. */
export interface TranscriptDeps extends OpenTranscriptsDeps {
  mails: Mails
}
