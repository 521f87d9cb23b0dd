import { type Selectable, sql } from 'kysely'
import { type Db, jsonb, type Tables } from '#base/store'
import { isUuid } from '#base/kernel'

export type SavedPayloadRow = Selectable<Tables['savedPayload']>

export interface OfFunction {
  accountId: string
  functionId: string
}

/** Those of the author and those for all, by name. */
export function findVisible(
  db: Db,
  { accountId, functionId }: OfFunction,
  author: string,
): Promise<SavedPayloadRow[]> {
  return db
    .selectFrom('savedPayload')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('functionId', '=', functionId)
    .where((eb) => eb.or([eb('owner', 'is', null), eb('owner', '=', author)]))
    .orderBy('name')
    .orderBy('payloadId')
    .execute()
}

export async function findNames(
  db: Db,
  { accountId, functionId, owner }: OfFunction & { owner: string | null },
): Promise<string[]> {
  const rows = await db
    .selectFrom('savedPayload')
    .select('name')
    .where('accountId', '=', accountId)
    .where('functionId', '=', functionId)
    .where('owner', owner === null ? 'is' : '=', owner)
    .execute()
  return rows.map(({ name }) => name)
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
  author: string,
): Promise<boolean> {
  if (!isUuid(functionId) || !isUuid(payloadId)) return false
  const removed = await db
    .deleteFrom('savedPayload')
    .where('accountId', '=', accountId)
    .where('functionId', '=', functionId)
    .where('payloadId', '=', payloadId)
    .where((eb) => eb.or([eb('owner', 'is', null), eb('owner', '=', author)]))
    .returning('payloadId')
    .executeTakeFirst()
  return removed !== undefined
}
