import type { AccountSettingsChange } from '@parley/contract'
import type { Db } from '#base/store'

/** What the account has set; all else has its default. */
export async function selectChanged(db: Db, accountId: string): Promise<AccountSettingsChange> {
  const row = await db
    .selectFrom('accountSettings')
    .select('changed')
    .where('accountId', '=', accountId)
    .executeTakeFirst()
  return (row?.changed ?? {}) as AccountSettingsChange
}

export async function upsertChanged(
  tx: Db,
  accountId: string,
  changed: AccountSettingsChange,
  updatedAt: Date,
): Promise<void> {
  const written = { changed: JSON.stringify(changed), updatedAt }
  await tx
    .insertInto('accountSettings')
    .values({ accountId, ...written })
    .onConflict((conflict) => conflict.column('accountId').doUpdateSet(written))
    .execute()
}
