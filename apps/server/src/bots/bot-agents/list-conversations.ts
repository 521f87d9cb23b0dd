import type { BotChannelName } from '@parley/contract'
import type { Db } from '#base/store'
import type { Reader } from '#messaging/reading'
import type { BotAgent } from './bot-kind.ts'
import type { HeldConversation, HeldPage } from './channel.ts'
import type { BotAgentsDeps } from './deps.ts'
import { BotSession, SESSION } from './session.ts'

export interface ListedConversation extends HeldConversation {
  channel: BotChannelName
  /** What the bot's last answer wanted kept; absent before its first one. */
  memory?: unknown
}

/** One page of the open conversations of a bot that the reader may see, of all channels, by their ids. */
export async function listConversations(
  { channels, store }: Pick<BotAgentsDeps, 'channels' | 'store'>,
  accountId: string,
  bot: Pick<BotAgent, 'botId' | 'userId'>,
  reader: Reader,
  page: HeldPage,
): Promise<ListedConversation[]> {
  const held = await Promise.all(
    [...channels.values()].map(async ({ listHeld, name }) =>
      (await listHeld(accountId, bot.userId, reader, page)).map((one) => ({
        channel: name,
        ...one,
      })),
    ),
  )
  const listed = held
    .flat()
    .toSorted((a, b) => (a.conversationId < b.conversationId ? -1 : 1))
    .slice(0, page.limit)
  const sessions = await findSessions(store.db, accountId, listed)
  return listed.map((one) => {
    const known = sessions.get(one.conversationId)
    // What is stored may be of an earlier stay with this bot, or of another one.
    const isOfNow = known?.botId === bot.botId && known.since === one.since
    return { ...one, ...(isOfNow && { memory: known.memory }) }
  })
}

async function findSessions(
  db: Db,
  accountId: string,
  held: readonly HeldConversation[],
): Promise<Map<string, BotSession>> {
  if (held.length === 0) return new Map()
  const ids = held.map(({ conversationId }) => conversationId)
  const rows = await db
    .selectFrom('document')
    .select(['id', 'state'])
    .where('accountId', '=', accountId)
    .where('kind', '=', SESSION)
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map(({ id, state }) => [id, BotSession.parse(state)]))
}
