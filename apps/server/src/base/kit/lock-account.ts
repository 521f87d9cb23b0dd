import type { Db } from '#base/store'

/**
 * Transactions that count or compare what an account has queue here, until each of them ends. No stronger than that: rows that only
 * refer to the account, of log-ins and grants for example, are written meanwhile.
 */
export async function lockAccount(tx: Db, accountId: string): Promise<void> {
  await tx
    .selectFrom('account')
    .select('accountId')
    .where('accountId', '=', accountId)
    .forNoKeyUpdate()
    .execute()
}
