import type { Db } from '#store'

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

export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
}
