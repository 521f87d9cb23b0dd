import { sql } from 'kysely'
import type { HeldConversation, HeldPage } from '#bots/bot-agents'
import type { Db } from '#base/store'
import { type Reader, whereMaySee } from '#messaging/reading'

/** One page of the open conversations of a user that the reader may see, in the order of their ids' bytes. */
export async function listHeld(
  db: Db,
  accountId: string,
  userId: string,
  reader: Reader,
  { after, limit }: HeldPage,
): Promise<HeldConversation[]> {
  const id = sql<string>`conversation_id collate "C"`
  let query = db
    .selectFrom('conversation')
    .select([
      'conversationId',
      'skillId',
      sql<number>`(conversation.state->>'assignedAt')::float8`.as('since'),
    ])
    .where('accountId', '=', accountId)
    .where('assignedAgentId', '=', userId)
    .where('closedAtMs', 'is', null)
    .where(whereMaySee(reader))
  if (after !== undefined) query = query.where(id, '>', after)
  return await query.orderBy(id).limit(limit).execute()
}
