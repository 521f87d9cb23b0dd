import type { MailState } from '@parley/contract'
import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import { findDocument } from '#base/kit'
import type { Db, Tables } from '#base/store'
import { MAIL, StoredMail } from './mail-state.ts'
import type { Mail } from './mail-transport.ts'
import { mailIdOf } from './message-id.ts'

export interface FoundMail {
  mail: StoredMail
  version: number
}

export async function findMail(
  db: Db,
  accountId: string,
  mailId: string,
): Promise<FoundMail | undefined> {
  const row = await findDocument(db, accountId, MAIL, mailId)
  return row && { mail: StoredMail.parse(row.state), version: row.version }
}

/** The chat that a mail is about, of its row of `document`. */
export const CHAT_OF_MAIL = sql<string>`document.list_of`

/** A mail about a chat that the reader may see. */
export async function findSeenMail(
  db: Db,
  accountId: string,
  isSeen: RawBuilder<boolean>,
  mailId: string,
): Promise<FoundMail | undefined> {
  const row = await mailsOf(db, accountId)
    .select(['state', 'version'])
    .where('id', '=', mailId)
    .where(isSeen)
    .executeTakeFirst()
  return row && { mail: StoredMail.parse(row.state), version: row.version }
}

export async function findMails(
  db: Db,
  accountId: string,
  mailIds: readonly string[],
): Promise<FoundMail[]> {
  const rows = await mailsOf(db, accountId)
    .select(['state', 'version'])
    .where('id', '=', sql<string>`any(${mailIds})`)
    .execute()
  return rows.map(({ state, version }) => ({ mail: StoredMail.parse(state), version }))
}

export interface MailFilter {
  state?: MailState | undefined
  chatId?: string | undefined
  /** Whether the reader may see the chat of the row. */
  isSeen?: RawBuilder<boolean>
  limit: number
  after?: { at: number; id: string } | undefined
}

/** The newest first. */
export async function listStoredMails(
  db: Db,
  accountId: string,
  { state, chatId, isSeen, limit, after }: MailFilter,
): Promise<FoundMail[]> {
  let query = mailsOf(db, accountId).select(['state', 'version']).where('listAt', 'is not', null)
  if (isSeen) query = query.where(isSeen)
  if (state !== undefined) query = query.where('listState', '=', state)
  if (chatId !== undefined) query = query.where('listOf', '=', chatId)
  if (after) query = query.where(sql<boolean>`(list_at, id) < (${after.at}::bigint, ${after.id})`)
  const rows = await query.orderBy('listAt', 'desc').orderBy('id', 'desc').limit(limit).execute()
  return rows.map((row) => ({ mail: StoredMail.parse(row.state), version: row.version }))
}

/** Instants are milliseconds since 1970: `from` inclusive, `to` exclusive; only what comes behind `after`. */
export interface MailRange {
  from?: number | undefined
  to?: number | undefined
  after?: { at: number; mailId: string } | undefined
  limit: number
}

/** The mails about one chat, the oldest first. */
export async function listMailsOfChat(
  db: Db,
  accountId: string,
  chatId: string,
  { from, to, after, limit }: MailRange,
): Promise<StoredMail[]> {
  let query = mailsOf(db, accountId).select('state').where('listOf', '=', chatId)
  if (from !== undefined) query = query.where('listAt', '>=', from)
  if (to !== undefined) query = query.where('listAt', '<', to)
  if (after)
    query = query.where(sql<boolean>`(list_at, id) > (${after.at}::bigint, ${after.mailId})`)
  const rows = await query.orderBy('listAt').orderBy('id').limit(limit).execute()
  return rows.map(({ state }) => StoredMail.parse(state))
}

export async function countStoredMails(
  db: Db,
  accountId: string,
  isSeen: RawBuilder<boolean>,
): Promise<{ listState: string | null; count: number }[]> {
  return await mailsOf(db, accountId)
    .select(({ fn }) => ['listState', fn.countAll<number>().as('count')])
    .where('listState', 'is not', null)
    .where(isSeen)
    .groupBy('listState')
    .execute()
}

function mailsOf(db: Db, accountId: string): SelectQueryBuilder<Tables, 'document', object> {
  return db.selectFrom('document').where('accountId', '=', accountId).where('kind', '=', MAIL)
}

/** Deletes the mails about these chats, kept ones too. */
export async function deleteMails(
  tx: Db,
  accountId: string,
  chatIds: readonly string[],
): Promise<void> {
  await deleteWhere(tx, accountId, sql`list_of = any(${chatIds}::text[])`)
}

/** Deletes the mails about no chat that were made before an instant, kept ones too. */
export async function deleteOtherMails(tx: Db, accountId: string, before: number): Promise<void> {
  await deleteWhere(tx, accountId, sql`list_of is null and list_at < ${before}::bigint`)
}

async function deleteWhere(tx: Db, accountId: string, where: RawBuilder<unknown>): Promise<void> {
  const mails = await tx
    .deleteFrom('document')
    .where('accountId', '=', accountId)
    // Not as a parameter: an index is of this kind alone.
    .where('kind', '=', sql.lit(MAIL))
    .where(sql<boolean>`${where}`)
    .returning(sql<string>`state->>'messageId'`.as('messageId'))
    .execute()
  const messageIds = mails.map(({ messageId }) => messageId)
  if (messageIds.length > 0) await deleteKeptMails(tx, accountId, messageIds)
}

async function deleteKeptMails(
  db: Db,
  accountId: string,
  messageIds: readonly string[],
): Promise<void> {
  await db
    .deleteFrom('keptMail')
    .where('accountId', '=', accountId)
    .where('messageId', 'in', messageIds)
    .execute()
}

/** Keeps a mail unless it has been erased; whoever erases it from then on waits until this is done, and finds what was kept. */
export async function insertMailboxMail(db: Db, mail: Mail, source: string): Promise<void> {
  const { accountId, messageId, envelopeSender, to, at } = mail
  await sql`
    insert into kept_mail (account_id, message_id, envelope_sender, receiver, at, source)
      select ${accountId}, ${messageId}, ${envelopeSender}, ${to}, ${new Date(at)}::timestamptz, ${source}
      from document where account_id = ${accountId} and kind = ${sql.lit(MAIL)} and id = ${mailIdOf(messageId) ?? ''}
      for key share`.execute(db)
}

/** What the mailbox holds under a Message-ID, the oldest first. */
export function listMailboxMails(db: Db, accountId: string, messageId: string) {
  return db
    .selectFrom('keptMail')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('messageId', '=', messageId)
    .orderBy('id')
    .execute()
}
