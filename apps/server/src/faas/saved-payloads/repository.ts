import { type Selectable, sql } from 'kysely'
import { type Db, jsonb, type Tables } from '#base/store'
import { isUuid } from '#base/kernel'
import type { Author } from './author.ts'

export type SavedPayloadRow = Selectable<Tables['savedPayload']>

export interface OfFunction {
  accountId: string
  functionId: string
}

/** Those of the author and those for all, by name. */
export function findVisible(
  db: Db,
  { accountId, functionId }: OfFunction,
  author: Author,
): Promise<SavedPayloadRow[]> {
  return db
    .selectFrom('savedPayload')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('functionId', '=', functionId)
    .where((eb) => eb.or([eb('owner', 'is', null), eb('owner', 'in', ownersOf(author))]))
    .orderBy('name')
    .orderBy('payloadId')
    .execute()
}

function ownersOf({ owner, name }: Author): string[] {
  return [owner, name]
}

/** @param author `null` for those for all */
export async function findNames(
  db: Db,
  { accountId, functionId }: OfFunction,
  author: Author | null,
): Promise<string[]> {
  const rows = await db
    .selectFrom('savedPayload')
    .select('name')
    .where('accountId', '=', accountId)
    .where('functionId', '=', functionId)
    .where((eb) => (author ? eb('owner', 'in', ownersOf(author)) : eb('owner', 'is', null)))
    .execute()
  return rows.map(({ name }) => name)
}

/** Removes the author's row of this name that is kept as rows of before are: the new one takes its place. */
export async function removeFormer(
  tx: Db,
  { accountId, functionId }: OfFunction,
  author: Author,
  name: string,
): Promise<void> {
  await tx
    .deleteFrom('savedPayload')
    .where('accountId', '=', accountId)
    .where('functionId', '=', functionId)
    .where('owner', '=', author.name)
    .where('name', '=', name)
    .execute()
}

export function upsertPayload(tx: Db, row: SavedPayloadRow): Promise<SavedPayloadRow> {
  return tx
    .insertInto('savedPayload')
    .values({ ...row, payload: jsonb(row.payload) })
    .onConflict((conflict) =>
      conflict
        .expression(sql`account_id, function_id, coalesce(owner, ''), name`)
        .doUpdateSet((eb) => ({
          payload: eb.ref('excluded.payload'),
          createdAt: eb.ref('excluded.createdAt'),
          createdBy: eb.ref('excluded.createdBy'),
        })),
    )
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Whether it was there for this author. */
export async function removeVisible(
  db: Db,
  { accountId, functionId, payloadId }: OfFunction & { payloadId: string },
  author: Author,
): Promise<boolean> {
  if (!isUuid(functionId) || !isUuid(payloadId)) return false
  const removed = await db
    .deleteFrom('savedPayload')
    .where('accountId', '=', accountId)
    .where('functionId', '=', functionId)
    .where('payloadId', '=', payloadId)
    .where((eb) => eb.or([eb('owner', 'is', null), eb('owner', 'in', ownersOf(author))]))
    .returning('payloadId')
    .executeTakeFirst()
  return removed !== undefined
}
