import type { Db } from '#base/store'

/** Transactions that count or compare what an account has queue here, until each of them ends. */
export async function lockAccount(tx: Db, accountId: string): Promise<void> {
  await tx
    .selectFrom('account')
    .select('accountId')
    .where('accountId', '=', accountId)
    .forUpdate()
    .execute()
}
