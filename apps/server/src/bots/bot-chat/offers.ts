import type { OutboxConsumer } from '#base/delivery'
import type { BotAgent } from '#bots/bot-agents'
import { accept, type ChatState } from '#chat/live-chat'
import { firstOf, freeAgents, isFreeBot, usersOfSkill } from './availability.ts'
import type { BotChatDeps } from './deps.ts'
import { ChatFacts, OFFERS } from './rows.ts'
import { silenceAfter } from './silence.ts'

/** Lets a bot take a chat that waits. Nobody is rung in live chat: a person takes what no bot has taken. */
export function offerConsumer(deps: BotChatDeps): OutboxConsumer<ChatFacts> {
  return {
    name: OFFERS,
    workers: 'platform',
    facts: ChatFacts,
    async handle(row) {
      const { accountId, facts } = row
      const state = await deps.chat.served.find(accountId, facts.chatId)
      const bot = state?.stage === 'waiting' ? await findTaker(deps, accountId, state) : undefined
      if (!bot) return await deps.delivery.end(row)
      let arm: ReturnType<typeof silenceAfter> = []
      await deps.chat.served.change(
        accountId,
        facts.chatId,
        (draft) => {
          arm = []
          if (!mayTake(draft.state, bot.userId)) return
          accept(draft, { agentId: bot.userId, name: bot.name }, 'bot')
          arm = silenceAfter(bot, facts.chatId, draft.at)
        },
        { completesRow: { outboxId: row.id }, extra: () => ({ arm }) },
      )
    },
  }
}

function mayTake({ stage, offeredTo }: ChatState, userId: string): boolean {
  return stage === 'waiting' && (offeredTo === undefined || offeredTo.agentId === userId)
}

/** Of the bots with the skill the one with the fewest chats. One that has given the chat away gets it back only if nobody else is there. */
async function findTaker(
  deps: BotChatDeps,
  accountId: string,
  state: ChatState,
): Promise<BotAgent | undefined> {
  const ids = await usersOfSkill(deps, accountId, state.skillId, state.givenBy ?? '')
  const found: { bot: BotAgent; count: number }[] = []
  for (const bot of await deps.botAgents.directory.list(accountId)) {
    const isAsked = state.offeredTo ? mayTake(state, bot.userId) : ids.includes(bot.userId)
    if (!isAsked || !(await isFreeBot(deps, accountId, bot))) continue
    found.push({ bot, count: await deps.chat.served.count(accountId, bot.userId) })
  }
  const [first] = found
    .filter(({ bot }) => bot.userId !== state.givenBy)
    .toSorted((one, other) => one.count - other.count)
  if (first) return first.bot
  const again = found.find(({ bot }) => bot.userId === state.givenBy)?.bot
  if (!again) return undefined
  const others = ids.filter((userId) => userId !== again.userId)
  return (await firstOf(freeAgents(deps, accountId, others))) === undefined ? again : undefined
}
