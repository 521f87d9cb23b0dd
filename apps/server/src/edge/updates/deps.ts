import type { HeardChanges } from '#base/changes'
import type { EventStreams } from '#base/kit'
import type { Base } from '#base/store'
import type { LiveChat } from '#chat/live-chat'
import type { Records } from '#faas/records'
import type { Accounts } from '#identity/accounts'
import type { Reading } from '#messaging/reading'

/** What the module is opened with. */
export interface OpenUpdatesDeps extends Pick<Base, 'store' | 'clock' | 'monotonic' | 'logger'> {
  accounts: Pick<Accounts, 'watchCall'>
  reading: Pick<Reading, 'readerOf' | 'updates' | 'listChangedConversations'>
  records: Pick<Records, 'listRunsSince'>
  chat: Pick<LiveChat, 'streamChatsTo'>
}

/** What its operations need. */
export interface UpdatesDeps extends OpenUpdatesDeps {
  streams: EventStreams
  heard: Pick<HeardChanges, 'mayHaveChanged'>
}
