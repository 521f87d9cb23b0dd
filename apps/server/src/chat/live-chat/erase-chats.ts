import { ParleyError } from '#base/kernel'
import type { ChatDeps } from './deps.ts'
import { deleteChats, findChat, hasOtherChat, listEndedBefore } from './repository.ts'

const PAGE = 200

/** Erases an ended chat with its messages, its survey, its transcript and its mails, and with the last one what is known of its visitor. */
export async function eraseChat(deps: ChatDeps, accountId: string, chatId: string): Promise<void> {
  const chat = await findChat(deps.store.db, accountId, chatId)
  if (!chat) throw new ParleyError('chat_not_found', `No chat "${chatId}"`)
  if (chat.state.stage !== 'ended') {
    throw new ParleyError('chat_not_ended', `The chat is ${chat.state.stage}: end it first`)
  }
  const visitorId = chat.state.context?.visitorId
  // First: after a fault the chat is still there to be erased again.
  if (visitorId !== undefined && !(await hasOtherChat(deps.store.db, accountId, chat.state))) {
    await deps.people.eraseVisitors(accountId, [visitorId])
  }
  await erase(deps, accountId, [chatId])
}

/** Erases the chats that ended before an instant. */
export async function eraseEndedBefore(
  deps: ChatDeps,
  accountId: string,
  before: number,
): Promise<void> {
  for (;;) {
    const chatIds = await listEndedBefore(deps.store.db, accountId, before, PAGE)
    if (chatIds.length === 0) return
    await erase(deps, accountId, chatIds)
  }
}

/** The chats themselves go last: after a fault in between, the next call finds them again. */
async function erase(
  { observer, store, transcripts }: ChatDeps,
  accountId: string,
  chatIds: readonly string[],
): Promise<void> {
  await transcripts.eraseChats(accountId, chatIds)
  // Before the chats, by which it is found again, and after them: what was decided in between may have left something.
  await observer.erase(accountId, chatIds)
  await store.transaction((tx) => deleteChats(tx, accountId, chatIds))
  await observer.erase(accountId, chatIds)
  // A survey that was submitted in between has added another decision to the outbox.
  await transcripts.eraseChats(accountId, chatIds)
}
