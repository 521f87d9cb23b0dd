import { ParleyError } from '#base/kernel'
import type { ChatRoom } from './deps.ts'
import { deleteChats, findChat, listEndedBefore } from './repository.ts'

const PAGE = 200

/** Lines, survey, mails and all: nothing of the chat stays. */
export async function eraseChat(room: ChatRoom, accountId: string, chatId: string): Promise<void> {
  const chat = await findChat(room.store.db, accountId, chatId)
  if (!chat) throw new ParleyError('chat_not_found', `There is no chat "${chatId}"`)
  if (chat.state.stage !== 'ended') {
    throw new ParleyError('chat_not_ended', 'A running chat cannot be erased: end it first')
  }
  await erase(room, accountId, [chatId])
}

export async function eraseChatsEndedBefore(
  room: ChatRoom,
  accountId: string,
  before: number,
): Promise<void> {
  for (;;) {
    const chatIds = await listEndedBefore(room.store.db, accountId, before, PAGE)
    if (chatIds.length === 0) return
    await erase(room, accountId, chatIds)
  }
}

/** The chats themselves last: after a fault in between they are found again. */
async function erase(
  { store, transcripts }: ChatRoom,
  accountId: string,
  chatIds: readonly string[],
): Promise<void> {
  await transcripts.eraseChats(accountId, chatIds)
  await store.transaction((tx) => deleteChats(tx, accountId, chatIds))
  // A survey that was submitted in between has ordered another decision.
  await transcripts.eraseChats(accountId, chatIds)
}
