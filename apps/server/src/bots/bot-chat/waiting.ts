import { followChanges } from '#base/delivery'
import { takesConversations } from '#bots/bot-agents'
import type { BotChatDeps } from './deps.ts'
import { offerRow } from './rows.ts'

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

/** Bots may have a skill now that chats wait in. */
export function followUsers(deps: BotChatDeps): void {
  const { accounts, botAgents } = deps
  followChanges(deps, {
    name: 'bot-chat-users',
    alsoWrite: accounts.alsoWriteWithUsers,
    async follow(accountId) {
      // The node that has changed them may have died before it told this one.
      accounts.readAgain(accountId)
      const bots = (await botAgents.directory.list(accountId)).filter(
        (bot) => takesConversations(bot) && bot.settings.channels.includes('chat'),
      )
      const userIds = bots.map(({ userId }) => userId)
      await offerWaiting(deps, accountId, userIds)
    },
  })
}
