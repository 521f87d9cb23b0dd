import type { Db } from '#base/store'
import type { FunctionsDeps } from './deps.ts'

/** Changes the account's functions in one transaction, then notifies every node. */
export async function changeFunctions<T>(
  deps: FunctionsDeps,
  accountId: string,
  work: (tx: Db) => Promise<T>,
): Promise<T> {
  const done = await deps.store.transaction(work)
  await deps.changed(accountId)
  return done
}
