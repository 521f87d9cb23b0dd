import type { Db } from '#base/store'

/** Table `installation` has no accounts: its values are about all of them. */
export async function findInstallationValue(db: Db, name: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('installation')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst()
  return row?.value
}

/** Transactions that compare what the installation has queue here, until each of them ends. */
export async function lockInstallation(tx: Db): Promise<void> {
  await tx.selectFrom('installation').select('name').orderBy('name').forUpdate().execute()
}

/** Keeps an existing value. */
export async function insertInstallationValue(db: Db, name: string, value: string): Promise<void> {
  await db
    .insertInto('installation')
    .values({ name, value })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
