import type { RawBuilder } from 'kysely'
import type { Reader } from '#messaging/reading'

/** Which chats a reader may see, for what belongs to them. */
export interface ChatSight {
  /** @throws ParleyError `chat_not_found` */
  require(accountId: string, reader: Reader, chatId: string): Promise<void>
  /** Of a row of `document` that belongs to the chat with this id: whether the reader may see that. */
  where(reader: Reader, chatId: RawBuilder<string>): RawBuilder<boolean>
}
