import { type Db, lockFirst } from '#base/store'

/**
 * Transactions of `Store.transaction` that count or compare what an account has do so one after the other. No stronger than that: rows
 * that only refer to the account, of log-ins and grants for example, are written meanwhile, and whoever waits has no connection in hand.
 */
export async function lockAccount(tx: Db, accountId: string): Promise<void> {
  await lockFirst(tx.selectFrom('account').select('accountId').where('accountId', '=', accountId))
}
