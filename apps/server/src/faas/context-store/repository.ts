import { type RawBuilder, type Selectable, sql } from 'kysely'
import { deleteByPages } from '#base/kit'
import { type Db, jsonb, type Tables } from '#base/store'

/** The row's header, its other columns, and its entry in the index, about. */
export const BYTES_PER_ROW = 150

export interface Place {
  accountId: string
  namespace: string
  sessionId: string
}

/** @param isHeld nobody deletes it until the transaction ends */
export function findNamespace(db: Db, accountId: string, namespace: string, isHeld: boolean) {
  return db
    .selectFrom('contextNamespace')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('namespace', '=', namespace)
    .$if(isHeld, (query) => query.forKeyShare())
    .executeTakeFirst()
}

export function listOwnNamespaces(db: Db, accountId: string) {
  return db
    .selectFrom('contextNamespace')
    .selectAll()
    .where('accountId', '=', accountId)
    .orderBy('createdAt')
    .orderBy('namespace')
    .execute()
}

/** What the properties of an account take that have not expired, as they are stored, with what the database needs for each. */
export async function storedBytes(db: Db, accountId: string, now: Date): Promise<number> {
  const { bytes } = await db
    .selectFrom('contextProperty')
    .select(
      sql<string>`coalesce(sum(pg_column_size(value) + octet_length(name) + octet_length(session_id) + ${BYTES_PER_ROW}::int), 0)`.as(
        'bytes',
      ),
    )
    .where('accountId', '=', accountId)
    .where((eb) => eb.or([eb('expiresAt', 'is', null), eb('expiresAt', '>', now)]))
    .executeTakeFirstOrThrow()
  return Number(bytes)
}

export async function countNamespaces(db: Db, accountId: string): Promise<number> {
  const { count } = await db
    .selectFrom('contextNamespace')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('accountId', '=', accountId)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Leaves one that exists as it is. */
export async function insertNamespace(
  db: Db,
  row: { accountId: string; namespace: string; ttlSeconds: number | null; createdAt: Date },
): Promise<void> {
  await db
    .insertInto('contextNamespace')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Whether it was there. Also deletes its properties. */
export async function removeNamespace(
  db: Db,
  accountId: string,
  namespace: string,
): Promise<boolean> {
  const removed = await db
    .deleteFrom('contextNamespace')
    .where('accountId', '=', accountId)
    .where('namespace', '=', namespace)
    .returning('namespace')
    .executeTakeFirst()
  await deleteInOrder(db, sql`account_id = ${accountId} and namespace = ${namespace}`)
  return removed !== undefined
}

export function readLiveProperties(db: Db, place: Place, now: Date, name?: string) {
  return db
    .selectFrom('contextProperty')
    .select(['name', 'value'])
    .where('accountId', '=', place.accountId)
    .where('namespace', '=', place.namespace)
    .where('sessionId', '=', place.sessionId)
    .where((eb) => eb.or([eb('expiresAt', 'is', null), eb('expiresAt', '>', now)]))
    .$if(name !== undefined, (query) => query.where('name', '=', name ?? ''))
    .orderBy('name')
    .execute()
}

export async function upsertProperties(
  db: Db,
  place: Place,
  properties: Record<string, unknown>,
  expiresAt: Date | null,
): Promise<void> {
  const { accountId, namespace, sessionId } = place
  // Everybody writes in the same order, so that two never wait for each other.
  await sql`
    insert into context_property (account_id, namespace, session_id, name, value, expires_at)
    select ${accountId}, ${namespace}, ${sessionId}, key, value, ${expiresAt}::timestamptz
    from jsonb_each(${jsonb(properties)})
    order by key
    on conflict (account_id, namespace, session_id, name) do update set
      value = excluded.value, expires_at = excluded.expires_at`.execute(db)
}

/**
 * Deletes some of what has expired; the rest is left for the next time. Answers how many these were. To be called last in a
 * transaction: it waits for nobody, but others wait for what it has deleted.
 */
export async function removeExpired(
  db: Db,
  accountId: string,
  { now, limit }: { now: Date; limit: number },
): Promise<number> {
  const expired = sql`account_id = ${accountId} and expires_at <= ${now}`
  const { numAffectedRows } = await sql`
    delete from context_property where ${expired} and ctid = any(array(
      select ctid from context_property where ${expired} order by expires_at limit ${limit} for update skip locked))`.execute(
    db,
  )
  return Number(numAffectedRows ?? 0)
}

/** Resolves to whether nothing is left that has expired. */
export function removeAllExpired(db: Db, accountId: string, now: Date): Promise<boolean> {
  const expired = sql`account_id = ${accountId} and expires_at <= ${now}`
  return deleteByPages(db, 'context_property', expired, 'expires_at')
}

/** Whether anything was there that had not expired. Without a name: the whole session. */
export async function removeProperties(
  db: Db,
  place: Place,
  now: Date,
  name?: string,
): Promise<boolean> {
  const { accountId, namespace, sessionId } = place
  const ofSession = sql`account_id = ${accountId} and namespace = ${namespace} and session_id = ${sessionId}`
  const removed = await deleteInOrder(
    db,
    name === undefined ? ofSession : sql`${ofSession} and name = ${name}`,
  )
  return removed.some(({ expiresAt }) => expiresAt === null || expiresAt > now)
}

/** Functions choose the ids of sessions: usually those of conversations and consumers. */
export async function removeSessions(
  db: Db,
  accountId: string,
  sessionIds: readonly string[],
): Promise<void> {
  await deleteInOrder(
    db,
    sql`account_id = ${accountId} and session_id = any(${[...sessionIds]}::text[])`,
  )
}

/** In the order of the writes, so that neither waits for the other in turn. */
async function deleteInOrder(db: Db, where: RawBuilder<unknown>) {
  const { rows } = await sql<{ expiresAt: Date | null }>`
    delete from context_property where ${where} and (namespace, session_id, name) in (
      select namespace, session_id, name from context_property where ${where}
      order by namespace, session_id, name for update)
    returning expires_at`.execute(db)
  return rows
}

export async function listSessionIds(
  db: Db,
  { accountId, namespace }: Omit<Place, 'sessionId'>,
  { now, after, limit }: { now: Date; after: string | undefined; limit: number },
): Promise<string[]> {
  const rows = await db
    .selectFrom('contextProperty')
    .select('sessionId')
    .distinct()
    .where('accountId', '=', accountId)
    .where('namespace', '=', namespace)
    .where((eb) => eb.or([eb('expiresAt', 'is', null), eb('expiresAt', '>', now)]))
    .$if(after !== undefined, (query) => query.where('sessionId', '>', after ?? ''))
    .orderBy('sessionId')
    .limit(limit)
    .execute()
  return rows.map(({ sessionId }) => sessionId)
}

export function findKey(db: Db, accountId: string) {
  return db
    .selectFrom('contextKey')
    .selectAll()
    .where('accountId', '=', accountId)
    .executeTakeFirst()
}

type KeyRow = Selectable<Tables['contextKey']>

/** Keeps an existing key. */
export function insertKey(db: Db, row: KeyRow) {
  return db
    .insertInto('contextKey')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export function replaceKeyRow(db: Db, { accountId, ...key }: KeyRow) {
  return db
    .insertInto('contextKey')
    .values({ accountId, ...key })
    .onConflict((conflict) => conflict.column('accountId').doUpdateSet(key))
    .execute()
}
