import type { ChatHistory } from '#chat/history'
import type { Records } from '#faas/records'
import type { People } from '#messaging/people'
import type { Reading } from '#messaging/reading'

/** What the operations of this module need. */
export interface HistoryDeps {
  reading: Reading
  records: Records
  chats: ChatHistory
  people: Pick<People, 'findNames'>
}
