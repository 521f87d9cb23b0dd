import * as z from 'zod'
import { tellChange } from '#base/changes'
import type { OutboxConsumer } from '#base/delivery'
import { ParleyError } from '#base/kernel'
import type { Db } from '#base/store'
import type { ChatDeps } from './deps.ts'
import { deleteChats, findChat, hasOtherChat, listEndedBefore } from './repository.ts'

const PAGE = 200

/** Longer than a function may run: one that runs during the erasure may still leave a record and logs. */
const AGAIN_AFTER_MS = 60_000

/** The outbox consumer that erases what has been left about a chat while it was erased. */
const ERASED = 'erased-chats'
const Facts = z.object({ chatId: z.string() })

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
  await erase(deps, accountId, [chatId], (tx) => {
    const row = { consumer: ERASED, orderingKey: `erased/${chatId}`, facts: { chatId } }
    const runAt = deps.clock.now() + AGAIN_AFTER_MS
    deps.store.enqueue(tx, accountId, [{ ...row, runAt }])
  })
  deps.feed.changed(accountId, chatId)
  tellErased(deps, accountId)
}

/** Those who show lists of them. */
function tellErased({ store }: Pick<ChatDeps, 'store'>, accountId: string): void {
  for (const topic of ['chats', 'mails'] as const) tellChange(store, accountId, { topic })
}

export function erasedConsumer(deps: ChatDeps): OutboxConsumer<z.infer<typeof Facts>> {
  return {
    name: ERASED,
    workers: 'platform',
    facts: Facts,
    async handle(row) {
      const { accountId, facts } = row
      // Its consumer may have begun it anew, with the same token: what is there now is of that one.
      const anew = await findChat(deps.store.db, accountId, facts.chatId)
      if (!anew) await eraseTraces(deps, accountId, [facts.chatId])
      await deps.delivery.end(row)
    },
  }
}

/** Erases the chats that ended before an instant. */
export async function eraseEndedBefore(
  deps: ChatDeps,
  accountId: string,
  before: number,
): Promise<void> {
  for (let isFirst = true; ; isFirst = false) {
    const chatIds = await listEndedBefore(deps.store.db, accountId, before, PAGE)
    if (chatIds.length === 0) return isFirst ? undefined : tellErased(deps, accountId)
    await erase(deps, accountId, chatIds)
  }
}

/** The chats themselves go last: after a fault in between, the next call finds them again. */
async function erase(
  deps: ChatDeps,
  accountId: string,
  chatIds: readonly string[],
  also: (tx: Db) => void = () => undefined,
): Promise<void> {
  // Before the chats, by which it is found again, and after them: what was decided or submitted in between may have left something.
  await eraseTraces(deps, accountId, chatIds)
  await deps.store.transaction(async (tx) => {
    await deleteChats(tx, accountId, chatIds)
    also(tx)
  })
  await eraseTraces(deps, accountId, chatIds)
}

async function eraseTraces(
  { observer, transcripts }: Pick<ChatDeps, 'observer' | 'transcripts'>,
  accountId: string,
  chatIds: readonly string[],
): Promise<void> {
  await transcripts.eraseChats(accountId, chatIds)
  await observer.erase(accountId, chatIds)
}
