import * as z from 'zod'
import type { OutboxConsumer } from '#base/delivery'
import { takesConversations } from '#bots/bot-agents'
import type { BotChatDeps } from './deps.ts'
import { offerRow } from './rows.ts'

/** The outbox consumer of changes of users: bots may have a skill now that chats wait in. */
const USERS = 'bot-chat-users'

/** Offers the chats that one of these bots may take now. */
export async function offerWaiting(
  { accounts, chat, delivery }: Pick<BotChatDeps, 'accounts' | 'chat' | 'delivery'>,
  accountId: string,
  userIds: readonly string[],
): Promise<void> {
  const found = await Promise.all(userIds.map((userId) => accounts.users.find(accountId, userId)))
  const users = found.filter((user) => user !== undefined)
  if (users.length === 0) return
  const waiting = await chat.served.listWaiting(accountId, {
    agentIds: users.map(({ userId }) => userId),
    skillIds: [...new Set(users.flatMap(({ skillIds }) => skillIds))],
  })
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
      const bots = (await deps.botAgents.directory.list(accountId)).filter(
        (bot) => takesConversations(bot) && bot.settings.channels.includes('chat'),
      )
      const userIds = bots.map(({ userId }) => userId)
      await offerWaiting(deps, accountId, userIds)
      await deps.delivery.end(row)
    },
  }
}
