import type { Selectable } from 'kysely'
import type { Db, Tables } from '#base/store'

export type SecretRow = Selectable<Tables['secret']>

export function findSecrets(db: Db, accountId: string) {
  return db
    .selectFrom('secret')
    .selectAll()
    .where('accountId', '=', accountId)
    .orderBy('name')
    .execute()
}

export function findSecret(db: Db, accountId: string, name: string) {
  return db
    .selectFrom('secret')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('name', '=', name)
    .executeTakeFirst()
}

export async function insertSecret(db: Db, row: SecretRow): Promise<boolean> {
  const inserted = await db
    .insertInto('secret')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returning('name')
    .executeTakeFirst()
  return inserted !== undefined
}

/** Gives the secret a new value and its next version; `undefined` when there is none. */
export function replaceSecretValue(
  db: Db,
  { accountId, name }: Pick<SecretRow, 'accountId' | 'name'>,
  change: Pick<SecretRow, 'box' | 'type' | 'updatedAt' | 'updatedBy'>,
) {
  return db
    .updateTable('secret')
    .set((row) => ({ ...change, version: row('version', '+', 1) }))
    .where('accountId', '=', accountId)
    .where('name', '=', name)
    .returningAll()
    .executeTakeFirst()
}

export async function deleteSecretRow(db: Db, accountId: string, name: string): Promise<boolean> {
  const deleted = await db
    .deleteFrom('secret')
    .where('accountId', '=', accountId)
    .where('name', '=', name)
    .returning('name')
    .executeTakeFirst()
  return deleted !== undefined
}

/** Once per minute is enough for a human reader, and spares a write per read. */
export function touchSecret(db: Db, { accountId, name }: SecretRow, at: Date) {
  return db
    .updateTable('secret')
    .set({ lastUsedAt: at })
    .where('accountId', '=', accountId)
    .where('name', '=', name)
    .where((where) =>
      where.or([
        where('lastUsedAt', 'is', null),
        where('lastUsedAt', '<', new Date(at.getTime() - 60_000)),
      ]),
    )
    .execute()
}
