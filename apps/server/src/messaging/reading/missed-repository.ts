import { sql } from 'kysely'
import type { ConversationState, StoredMessage } from '@parley/contract'
import type { Db } from '#base/store'
import { type Reader, whereHasSeen, whereMaySee } from './may-see.ts'
import { messageOf } from './repository.ts'
import { STATE_COLUMNS, stateOf } from './stored-state.ts'
import type { Versioned } from './versioned.ts'

/** More than are open anywhere. */
const MAX_CHANGED = 200_000

/**
 * Conversations that are open and were changed since then, and those that began or ended since: each by an index that the
 * number of ended ones does not make longer.
 */
export async function listChangedSince(
  db: Db,
  accountId: string,
  since: number,
): Promise<{ conversationId: string; version: number }[]> {
  const { rows } = await sql<{ conversationId: string; version: number }>`
    select conversation_id as "conversationId", version from conversation
      where account_id = ${accountId} and stage = 'OPEN' and updated_at_ms >= ${since}::bigint
    union
    select conversation_id, version from conversation
      where account_id = ${accountId} and started_at_ms >= ${since}::bigint
    union
    select conversation_id, version from conversation
      where account_id = ${accountId} and closed_at_ms >= ${since}::bigint
    limit ${MAX_CHANGED}`.execute(db)
  return rows
}

/** The same as `listChangedSince`, of what the reader may see, or what has left its sight since then; at most `limit` of them. */
export async function listSeenChangedSince(
  db: Db,
  accountId: string,
  reader: Reader,
  { since, limit }: { since: number; limit: number },
): Promise<{ conversationId: string; version: number }[]> {
  const seen = sql<boolean>`(${whereMaySee(reader)} or ${whereHasSeen(reader, since)})`
  const { rows } = await sql<{ conversationId: string; version: number }>`
    select conversation_id as "conversationId", version from conversation
      where account_id = ${accountId} and stage = 'OPEN' and updated_at_ms >= ${since}::bigint and ${seen}
    union
    select conversation_id, version from conversation
      where account_id = ${accountId} and started_at_ms >= ${since}::bigint and ${seen}
    union
    select conversation_id, version from conversation
      where account_id = ${accountId} and closed_at_ms >= ${since}::bigint and ${seen}
    limit ${limit}`.execute(db)
  return rows
}

/** The present versions of these conversations. */
export async function listVersions(
  db: Db,
  accountId: string,
  conversationIds: readonly string[],
): Promise<{ conversationId: string; version: number }[]> {
  return await db
    .selectFrom('conversation')
    .select(['conversationId', 'version'])
    .where('accountId', '=', accountId)
    .where(sql<boolean>`conversation_id = any(${conversationIds})`)
    .execute()
}

export async function listStates(
  db: Db,
  accountId: string,
  conversationIds: readonly string[],
): Promise<Versioned<ConversationState>[]> {
  const rows = await db
    .selectFrom('conversation')
    .select(['version', ...STATE_COLUMNS])
    .where('accountId', '=', accountId)
    .where(sql<boolean>`conversation_id = any(${conversationIds})`)
    .execute()
  return rows.map((row) => ({ version: row.version, state: stateOf(row) }))
}

/** Messages of a conversation that were stored since then, by dialog and sequence. */
export async function listMessagesSince(
  db: Db,
  accountId: string,
  conversationId: string,
  since: number,
): Promise<StoredMessage[]> {
  const rows = await db
    .selectFrom('message')
    .select(['dialogId', 'sequence', 'at', 'body'])
    .where('accountId', '=', accountId)
    .where('conversationId', '=', conversationId)
    .where('at', '>=', new Date(since))
    .orderBy('dialogId')
    .orderBy('sequence')
    .execute()
  return rows.map((row) => messageOf(conversationId, row))
}
