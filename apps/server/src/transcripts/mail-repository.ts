import { type MailState, TranscriptDecision } from '@parley/contract'
import { type SelectQueryBuilder, sql } from 'kysely'
import type { Db, Tables } from '#store'
import { DECISION } from './decision-kind.ts'
import { MAIL, StoredMail } from './mail-state.ts'

export interface FoundMail {
  mail: StoredMail
  version: number
}

export async function findMail(
  db: Db,
  accountId: string,
  mailId: string,
): Promise<FoundMail | undefined> {
  const row = await mailsOf(db, accountId)
    .select(['state', 'version'])
    .where('id', '=', mailId)
    .executeTakeFirst()
  return row && { mail: StoredMail.parse(row.state), version: row.version }
}

export interface MailFilter {
  state?: MailState | undefined
  chatId?: string | undefined
  limit: number
  after?: { at: number; mailId: string } | undefined
}

/** The newest first. */
export async function listStoredMails(
  db: Db,
  accountId: string,
  { state, chatId, limit, after }: MailFilter,
): Promise<FoundMail[]> {
  const at = sql<number>`(state->>'createdAt')::bigint`
  let query = mailsOf(db, accountId).select(['state', 'version'])
  if (state !== undefined) query = query.where(sql`state->>'state'`, '=', state)
  if (chatId !== undefined) query = query.where(sql`state->>'chatId'`, '=', chatId)
  if (after) query = query.where(sql<boolean>`(${at}, id) < (${after.at}::bigint, ${after.mailId})`)
  const rows = await query.orderBy(at, 'desc').orderBy('id', 'desc').limit(limit).execute()
  return rows.map((row) => ({ mail: StoredMail.parse(row.state), version: row.version }))
}

export async function findMailByMessageId(
  db: Db,
  accountId: string,
  messageId: string,
): Promise<FoundMail | undefined> {
  const row = await mailsOf(db, accountId)
    .select(['state', 'version'])
    .where(sql`state->>'messageId'`, '=', messageId)
    .executeTakeFirst()
  return row && { mail: StoredMail.parse(row.state), version: row.version }
}

export async function countStoredMails(
  db: Db,
  accountId: string,
): Promise<{ state: string; count: number }[]> {
  return await mailsOf(db, accountId)
    .select(({ fn }) => [
      sql<string>`state->>'state'`.as('state'),
      fn.countAll<number>().as('count'),
    ])
    .groupBy(sql`state->>'state'`)
    .execute()
}

export async function findDecision(
  db: Db,
  accountId: string,
  chatId: string,
): Promise<TranscriptDecision | undefined> {
  const row = await db
    .selectFrom('document')
    .select('state')
    .where('accountId', '=', accountId)
    .where('kind', '=', DECISION)
    .where('id', '=', chatId)
    .executeTakeFirst()
  return row && TranscriptDecision.parse(row.state)
}

function mailsOf(db: Db, accountId: string): SelectQueryBuilder<Tables, 'document', object> {
  return db
    .selectFrom('document')
    .where('accountId', '=', accountId)
    .where('kind', '=', sql.lit(MAIL))
}
