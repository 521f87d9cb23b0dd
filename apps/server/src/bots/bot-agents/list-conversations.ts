import { sql } from 'kysely'
import type { Db } from '#base/store'
import { type Reader, whereMaySee } from '#messaging/reading'
import type { BotAgent } from './bot-kind.ts'
import type { BotAgentsDeps } from './deps.ts'
import { BotSession, SESSION } from './session.ts'

/** A conversation that a bot has now. */
export interface HeldConversation {
  conversationId: string
  skillId: string
  /** When it came to the bot, in milliseconds since 1970. */
  since: number
  /** What the bot's last answer wanted kept; absent before its first one. */
  memory?: unknown
}

interface Page {
  limit: number
  /** The last conversation of the page before. */
  after?: string | undefined
}

/** One page of the open conversations of a bot that the reader may see, by their ids. */
export async function listConversations(
  { store }: Pick<BotAgentsDeps, 'store'>,
  accountId: string,
  bot: Pick<BotAgent, 'botId' | 'userId'>,
  reader: Reader,
  page: Page,
): Promise<HeldConversation[]> {
  const rows = await findHeld(store.db, accountId, bot.userId, reader, page)
  return rows.map(({ session, since, ...rest }) => {
    const known = session === null ? undefined : BotSession.parse(session)
    // What is stored may be of an earlier stay with this bot, or of another one.
    const isOfNow = known?.botId === bot.botId && known.since === since
    return { ...rest, since, ...(isOfNow && { memory: known.memory }) }
  })
}

async function findHeld(
  db: Db,
  accountId: string,
  userId: string,
  reader: Reader,
  { after, limit }: Page,
) {
  let query = db
    .selectFrom('conversation')
    .leftJoin('document', (join) =>
      join
        .onRef('document.accountId', '=', 'conversation.accountId')
        .on('document.kind', '=', SESSION)
        .onRef('document.id', '=', 'conversation.conversationId'),
    )
    .select([
      'conversation.conversationId',
      'conversation.skillId',
      'document.state as session',
      sql<number>`(conversation.state->>'assignedAt')::float8`.as('since'),
    ])
    .where('conversation.accountId', '=', accountId)
    .where('conversation.assignedAgentId', '=', userId)
    .where('conversation.closedAtMs', 'is', null)
    .where(whereMaySee(reader))
  if (after !== undefined) query = query.where('conversation.conversationId', '>', after)
  return await query.orderBy('conversation.conversationId').limit(limit).execute()
}
