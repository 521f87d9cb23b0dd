import * as z from 'zod'
import type { OutboxConsumer } from '#base/delivery'
import { takesConversations } from '#bots/bot-agents'
import type { BotChatDeps } from './deps.ts'
import { offerRow } from './rows.ts'

/** The outbox consumer of changes of users: bots may have a skill now that chats wait in. */
const USERS = 'bot-chat-users'

/** Offers the chats that a bot may take now. */
export async function offerWaiting(
  { accounts, chat, delivery }: Pick<BotChatDeps, 'accounts' | 'chat' | 'delivery'>,
  accountId: string,
  userId: string,
): Promise<void> {
  const user = await accounts.users.find(accountId, userId)
  if (!user) return
  const waiting = await chat.served.listWaiting(accountId, userId, user.skillIds)
  if (waiting.length === 0) return
  await delivery.commit({ accountId, documents: [], outbox: waiting.map(offerRow) })
}

/** In the commit of a change of users: that of a bot may be among them. */
export function followUsers({ accounts, store }: Pick<BotChatDeps, 'accounts' | 'store'>): void {
  accounts.alsoWriteWithUsers((tx, accountId) =>
    store.enqueue(tx, accountId, [{ consumer: USERS, orderingKey: 'all', facts: {} }]),
  )
}

export function usersConsumer(deps: BotChatDeps): OutboxConsumer<object> {
  return {
    name: USERS,
    workers: 'platform',
    facts: z.object({}),
    answersWaitingRows: true,
    async handle(row) {
      const { accountId } = row
      // The node that has changed them may have died before it told this one.
      deps.accounts.readAgain(accountId)
      for (const bot of await deps.botAgents.directory.list(accountId)) {
        const takesChats = takesConversations(bot) && bot.settings.channels.includes('chat')
        if (takesChats) await offerWaiting(deps, accountId, bot.userId)
      }
      await deps.delivery.end(row)
    },
  }
}
