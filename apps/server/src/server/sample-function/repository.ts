import type { Db } from '#base/store'

const NAME = 'sample-function'

/** Whether this installation has had its sample function. */
export async function isInstalled(db: Db): Promise<boolean> {
  const row = await db
    .selectFrom('installation')
    .select('name')
    .where('name', '=', NAME)
    .executeTakeFirst()
  return row !== undefined
}

export function markInstalled(db: Db, accountId: string) {
  return db
    .insertInto('installation')
    .values({ name: NAME, value: accountId })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
