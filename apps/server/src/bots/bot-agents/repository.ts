import { BotSettings, type BotState, deletedSkill } from '@parley/contract'
import { sql, type SqlBool } from 'kysely'
import { type Db, jsonb, lockFirst } from '#base/store'
import { CHAT } from '#chat/live-chat'
import { SESSION, TYPING } from './session.ts'

/** Of one bot; older ones go when a new one comes. */
const MAX_ERRORS = 1000

export interface StoredBot {
  botId: string
  kind: string
  userId: string
  pid: string
  name: string
  state: BotState
  /** Another one with each stop. */
  stopId: string | null
  settings: BotSettings
  createdAt: Date
  updatedAt: Date
}

const COLUMNS = [
  'botId',
  'kind',
  'userId',
  'pid',
  'name',
  'state',
  'stopId',
  'settings',
  'createdAt',
  'updatedAt',
] as const

export async function listBots(db: Db, accountId: string): Promise<StoredBot[]> {
  const rows = await db
    .selectFrom('botAgent')
    .select(COLUMNS)
    .where('accountId', '=', accountId)
    .orderBy('createdAt')
    .orderBy('botId')
    .execute()
  return rows.map(parsed)
}

export async function findBot(
  db: Db,
  accountId: string,
  id: { botId: string } | { userId: string },
  { locked = false } = {},
): Promise<StoredBot | undefined> {
  const ofAccount = db.selectFrom('botAgent').select(COLUMNS).where('accountId', '=', accountId)
  const query =
    'botId' in id
      ? ofAccount.where('botId', '=', id.botId)
      : ofAccount.where('userId', '=', id.userId)
  const row = await (locked ? lockFirst(query) : query.executeTakeFirst())
  return row && parsed(row)
}

export async function insertBot(tx: Db, accountId: string, bot: StoredBot): Promise<void> {
  await tx
    .insertInto('botAgent')
    .values({ ...bot, accountId, settings: jsonb(bot.settings) })
    .execute()
}

export async function updateBot(
  tx: Db,
  accountId: string,
  botId: string,
  {
    settings,
    ...change
  }: Partial<Pick<StoredBot, 'name' | 'state' | 'stopId' | 'settings'>> & { updatedAt: Date },
): Promise<void> {
  await tx
    .updateTable('botAgent')
    .set({ ...change, ...(settings && { settings: jsonb(settings) }) })
    .where('accountId', '=', accountId)
    .where('botId', '=', botId)
    .execute()
}

/** Bots that escalate to this skill say so of a deleted one, which is none: a later skill may have the same id. */
export async function leaveSkill(tx: Db, accountId: string, skillId: string): Promise<void> {
  await sql`
    update bot_agent set settings = jsonb_set(settings, '{escalation,skillId}', ${jsonb(deletedSkill(skillId))})
    where account_id = ${accountId} and settings->'escalation'->>'skillId' = ${skillId}`.execute(tx)
}

export async function deleteBot(tx: Db, accountId: string, botId: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('botAgent')
    .where('accountId', '=', accountId)
    .where('botId', '=', botId)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

export interface StoredError {
  botId: string
  errorId: string
  name: string
  reason: string | null
  conversationId: string
  at: Date
}

/** Nothing happens for an error that is stored already, or whose bot was deleted. */
export async function insertError(tx: Db, accountId: string, error: StoredError): Promise<void> {
  // Should the bot be deleted right after this, its key refuses the error, and the next attempt finds no bot.
  if (!(await findBot(tx, accountId, error))) return
  await tx
    .insertInto('botError')
    .values({ ...error, accountId })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const kept = tx
    .selectFrom('botError')
    .select('position')
    .where('accountId', '=', accountId)
    .where('botId', '=', error.botId)
    .orderBy('position', 'desc')
    .offset(MAX_ERRORS)
    .limit(1)
  await tx
    .deleteFrom('botError')
    .where('accountId', '=', accountId)
    .where('botId', '=', error.botId)
    .where('position', '<=', kept)
    .execute()
}

/** The newest first, with whether each was in a live chat. */
export async function listErrors(
  db: Db,
  accountId: string,
  botId: string,
  { limit, beforeId }: { limit: number; beforeId?: string | undefined },
): Promise<(StoredError & { isInChat: SqlBool })[]> {
  let query = db
    .selectFrom('botError')
    .select(['botId', 'errorId', 'name', 'reason', 'conversationId', 'at'])
    .select((of) =>
      of
        .exists(
          of
            .selectFrom('document')
            .select('document.id')
            .where('document.accountId', '=', accountId)
            .where('document.kind', '=', CHAT)
            .whereRef('document.id', '=', 'botError.conversationId'),
        )
        .as('isInChat'),
    )
    .where('accountId', '=', accountId)
    .where('botId', '=', botId)
  if (beforeId !== undefined) {
    query = query.where('position', '<', (of) =>
      of
        .selectFrom('botError as before')
        .select('before.position')
        .where('before.accountId', '=', accountId)
        .where('before.errorId', '=', beforeId),
    )
  }
  return await query.orderBy('position', 'desc').limit(limit).execute()
}

/** Everything that is kept about these conversations. */
export async function eraseConversations(
  db: Db,
  accountId: string,
  conversationIds: readonly string[],
): Promise<void> {
  if (conversationIds.length === 0) return
  const ids = [...conversationIds]
  await db
    .deleteFrom('document')
    .where('accountId', '=', accountId)
    .where('kind', 'in', [SESSION, TYPING])
    .where('id', 'in', ids)
    .execute()
  await db
    .deleteFrom('botError')
    .where('accountId', '=', accountId)
    .where('conversationId', 'in', ids)
    .execute()
}

function parsed(row: StoredBot): StoredBot {
  return { ...row, settings: BotSettings.parse(row.settings) }
}
