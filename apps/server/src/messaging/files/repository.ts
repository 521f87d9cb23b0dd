import { sql } from 'kysely'
import { deleteByPages } from '#base/kit'
import type { Db, Tables } from '#base/store'

export async function insertFile(db: Db, row: Tables['file']): Promise<void> {
  await db.insertInto('file').values(row).execute()
}

export interface FoundFile {
  ownerId: string
  mediaType: string
  size: number
  conversationId: string | null
  fromConsumer: boolean | null
  isUploaded: boolean
}

export function findFile(
  db: Db,
  accountId: string,
  relativePath: string,
): Promise<FoundFile | undefined> {
  return db
    .selectFrom('file')
    .select(['ownerId', 'mediaType', 'size', 'conversationId', 'fromConsumer'])
    .select(sql<boolean>`content is not null`.as('isUploaded'))
    .where('accountId', '=', accountId)
    .where('relativePath', '=', relativePath)
    .executeTakeFirst()
}

export function findContent(db: Db, accountId: string, relativePath: string) {
  return db
    .selectFrom('file')
    .select(['mediaType', 'content'])
    .where('accountId', '=', accountId)
    .where('relativePath', '=', relativePath)
    .where('content', 'is not', null)
    .executeTakeFirst()
}

/** `false` when there is no such file, or it has content already that must not be `replaced`. */
export async function writeContent(
  db: Db,
  accountId: string,
  relativePath: string,
  file: { content: Buffer; mediaType?: string | undefined; replaces: boolean },
): Promise<boolean> {
  const { content, mediaType, replaces } = file
  const { numUpdatedRows } = await db
    .updateTable('file')
    .set({ content, size: content.length, ...(mediaType !== undefined && { mediaType }) })
    .where('accountId', '=', accountId)
    .where('relativePath', '=', relativePath)
    .$if(!replaces, (upload) => upload.where('content', 'is', null))
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function updateConversation(
  db: Db,
  accountId: string,
  relativePath: string,
  conversationId: string,
): Promise<void> {
  await db
    .updateTable('file')
    .set({ conversationId })
    .where('accountId', '=', accountId)
    .where('relativePath', '=', relativePath)
    .execute()
}

/** Whether no message can be stored in a conversation any more. */
export async function isClosed(
  db: Db,
  accountId: string,
  conversationId: string,
): Promise<boolean> {
  const found = await db
    .selectFrom('conversation')
    .select('conversationId')
    .where('accountId', '=', accountId)
    .where('conversationId', '=', conversationId)
    .where(sql`state->>'stage'`, '=', 'CLOSE')
    .executeTakeFirst()
  return found !== undefined
}

/** Whether a message of the conversation is the file. */
export async function isNamed(
  db: Db,
  accountId: string,
  conversationId: string,
  relativePath: string,
): Promise<boolean> {
  const found = await db
    .selectFrom('message')
    .select('sequence')
    .where('accountId', '=', accountId)
    .where('conversationId', '=', conversationId)
    .where(sql`body->'event'->'message'->>'relativePath'`, '=', relativePath)
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}

/** Bytes that are uploaded: of the account, of its consumers together, of one owner. */
export function storedBytes(
  db: Db,
  accountId: string,
  ownerId: string,
): Promise<{ all: number; ofConsumers: number; ofOwner: number }> {
  return db
    .selectFrom('file')
    .select([
      sql<number>`coalesce(sum(size), 0)::bigint`.as('all'),
      sql<number>`coalesce(sum(size) filter (where from_consumer), 0)::bigint`.as('ofConsumers'),
      sql<number>`coalesce(sum(size) filter (where owner_id = ${ownerId}), 0)::bigint`.as(
        'ofOwner',
      ),
    ])
    .where('accountId', '=', accountId)
    .where('content', 'is not', null)
    .executeTakeFirstOrThrow()
}

/** How many files an owner may upload that it has not. */
export async function countGranted(db: Db, accountId: string, ownerId: string): Promise<number> {
  const { count } = await db
    .selectFrom('file')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('accountId', '=', accountId)
    .where('ownerId', '=', ownerId)
    .where('content', 'is', null)
    .executeTakeFirstOrThrow()
  return count
}

/** Bytes of the files that were sent in a conversation. */
export async function sentBytes(
  db: Db,
  accountId: string,
  conversationId: string,
): Promise<number> {
  const { bytes } = await db
    .selectFrom('file')
    .select(sql<number>`coalesce(sum(size), 0)::bigint`.as('bytes'))
    .where('accountId', '=', accountId)
    .where('conversationId', '=', conversationId)
    .executeTakeFirstOrThrow()
  return bytes
}

/** Resolves to whether none is left: somebody may hold a row. */
export async function deleteUnsent(db: Db, accountId: string, before: Date): Promise<boolean> {
  return await deleteByPages(
    db,
    'file',
    sql`account_id = ${accountId} and conversation_id is null and created_at < ${before}`,
  )
}

/** Conversations and consumers whose files are erased. */
export interface Gone {
  conversationIds: readonly string[]
  consumerIds: readonly string[]
}

export async function deleteFilesOf(
  db: Db,
  accountId: string,
  { conversationIds, consumerIds }: Gone,
): Promise<void> {
  await db
    .deleteFrom('file')
    .where('accountId', '=', accountId)
    .where((file) =>
      file.or([
        file('conversationId', '=', sql<string>`any(${[...conversationIds]}::text[])`),
        file('ownerId', '=', sql<string>`any(${[...consumerIds]}::text[])`),
      ]),
    )
    .execute()
}
