import type { ConversationState, StoredMessage } from '@parley/contract'
import type { ReadingDeps } from './deps.ts'
import { maySeeMessage, type Reader } from './may-see.ts'
import * as repository from './repository.ts'

/** Messages of a dialog from a sequence on, to another one inclusive: so many of those that the reader may see. */
export async function readMessages(
  { store }: Pick<ReadingDeps, 'store'>,
  accountId: string,
  reader: Reader,
  range: { conversationId: string; dialogId: string; from: number; to?: number; limit?: number },
): Promise<StoredMessage[]> {
  const limit = Math.min(range.limit ?? repository.MAX_MESSAGES, repository.MAX_MESSAGES)
  const isPublicOnly = reader.kind === 'consumer'
  return await repository.listMessages(store.db, accountId, { ...range, limit, isPublicOnly })
}

/**
 * Messages of a conversation, private ones too: dialog by dialog, in the order in which the dialogs began. Of a dialog 10,000 at most, and of all
 * `limit`; `isWhole` says whether these are all.
 */
export async function readAllMessages(
  { store }: Pick<ReadingDeps, 'store'>,
  accountId: string,
  { conversationId, dialogs }: ConversationState,
  limit: number,
): Promise<{ messages: StoredMessage[]; isWhole: boolean }> {
  let left = limit
  const lists = await Promise.all(
    dialogs
      .toSorted((a, b) => a.openedAt - b.openedAt)
      .map(({ dialogId, nextSequence }) => {
        const own = Math.min(nextSequence, left, repository.MAX_MESSAGES)
        left -= own
        const range = { conversationId, dialogId, from: 0, limit: own }
        return repository.listMessages(store.db, accountId, range)
      }),
  )
  const all = dialogs.reduce((sum, { nextSequence }) => sum + nextSequence, 0)
  return { messages: lists.flat(), isWhole: limit - left === all }
}

/** Messages of all dialogs of a conversation that the reader may see, private ones as far as it may. Oldest first. */
export async function readMessagesByTime(
  { store }: Pick<ReadingDeps, 'store'>,
  accountId: string,
  reader: Reader,
  conversationId: string,
  range: repository.TimeRange<repository.MessagePlace>,
): Promise<StoredMessage[]> {
  const messages = await repository.listMessagesByTime(store.db, accountId, conversationId, range)
  return messages.filter((message) => maySeeMessage(reader, message))
}

/** The message that a client's request has stored. */
export function findMessageByKey(
  { store }: Pick<ReadingDeps, 'store'>,
  accountId: string,
  requestKey: string,
): Promise<StoredMessage | undefined> {
  return repository.findMessageByKey(store.db, accountId, requestKey)
}
