import type { Db } from '#base/store'

/** When each was used last, by its id; those that were never used are left out. */
export async function selectLastUses(
  db: Db,
  accountId: string,
): Promise<{ keys: ReadonlyMap<string, Date>; clients: ReadonlyMap<string, Date> }> {
  const [keys, clients] = await Promise.all([
    db
      .selectFrom('apiKey')
      .select(['keyId as id', 'lastUsedAt'])
      .where('accountId', '=', accountId)
      .execute(),
    db
      .selectFrom('oauthClient')
      .select(['clientId as id', 'lastUsedAt'])
      .where('accountId', '=', accountId)
      .execute(),
  ])
  return { keys: usedOf(keys), clients: usedOf(clients) }
}

function usedOf(rows: readonly { id: string; lastUsedAt: Date | null }[]): Map<string, Date> {
  return new Map(rows.flatMap(({ id, lastUsedAt }) => (lastUsedAt ? [[id, lastUsedAt]] : [])))
}

export async function markApiKeyUsed(
  db: Db,
  accountId: string,
  keyId: string,
  lastUsedAt: Date,
): Promise<void> {
  await db
    .updateTable('apiKey')
    .set({ lastUsedAt })
    .where('accountId', '=', accountId)
    .where('keyId', '=', keyId)
    .execute()
}

export async function markClientUsed(
  db: Db,
  accountId: string,
  clientId: string,
  lastUsedAt: Date,
): Promise<void> {
  await db
    .updateTable('oauthClient')
    .set({ lastUsedAt })
    .where('accountId', '=', accountId)
    .where('clientId', '=', clientId)
    .execute()
}
