import { MAX_CONVERSATIONS, takesConversations, type BotAgent } from '#bots/bot-agents'
import { hasSkill } from '#messaging/rules'
import type { BotChatDeps } from './deps.ts'

type Deps = Pick<BotChatDeps, 'accounts' | 'botAgents' | 'chat' | 'routing'>

/** Whether a bot takes chats: it is there, serves them, and has room. */
export async function isFreeBot(
  { chat }: Deps,
  accountId: string,
  bot: BotAgent,
): Promise<boolean> {
  if (!takesConversations(bot) || !bot.settings.channels.includes('chat')) return false
  return (await chat.served.count(accountId, bot.userId)) <= MAX_CONVERSATIONS
}

/**
 * Which of these users could take a chat now. A person is there who is logged in, says nothing else on a socket of messaging, and
 * has a free slot, counted over both channels.
 */
export async function* freeAgents(
  deps: Deps,
  accountId: string,
  userIds: readonly string[],
): AsyncGenerator<string> {
  const loggedIn = new Set(await deps.accounts.listLoggedIn(accountId, userIds))
  // Thousands of people may have the skill: the database is not asked about each of them whether it is a bot.
  const bots = await deps.botAgents.directory.list(accountId)
  const byUser = new Map(bots.map((bot) => [bot.userId, bot]))
  for (const userId of userIds) {
    const bot = byUser.get(userId)
    const isFree = bot
      ? await isFreeBot(deps, accountId, bot)
      : loggedIn.has(userId) && (await isFreePerson(deps, accountId, userId))
    if (isFree) yield userId
  }
}

/** Enabled users with this skill; `last` comes after the others. */
export async function usersOfSkill(
  { accounts }: Pick<Deps, 'accounts'>,
  accountId: string,
  skillId: string,
  last: string,
): Promise<string[]> {
  const users = await accounts.users.list(accountId)
  const ids = users
    .filter((user) => user.enabled && hasSkill(user, skillId))
    .map(({ userId }) => userId)
  return [...ids.filter((userId) => userId !== last), ...ids.filter((userId) => userId === last)]
}

/** The first one; `undefined` where there is none. */
export async function firstOf<T>(some: AsyncGenerator<T>): Promise<T | undefined> {
  for await (const one of some) return one
  return undefined
}

async function isFreePerson(
  { accounts, chat, routing }: Deps,
  accountId: string,
  userId: string,
): Promise<boolean> {
  const user = await accounts.users.find(accountId, userId)
  const slots = await routing.readSlots(accountId, userId)
  const { availability, nodes } = await routing.findAgent(accountId, userId)
  if (!user || (nodes.length > 0 && availability !== 'ONLINE')) return false
  return slots.length + (await chat.served.count(accountId, userId)) < user.maxSlots
}
