import { isUuid } from '#base/kernel'
import type { Db } from '#base/store'

/** `undefined` when the account has no such function, deployed or not. */
export async function findFunctionName(
  db: Db,
  accountId: string,
  functionId: string,
): Promise<string | undefined> {
  if (!isUuid(functionId)) return undefined
  const row = await db
    .selectFrom('function')
    .select('name')
    .where('accountId', '=', accountId)
    .where('functionId', '=', functionId)
    .executeTakeFirst()
  return row?.name
}
