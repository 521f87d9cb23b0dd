import type { GrantType, Permission, TokenIssuer } from '@parley/contract'
import { type Insertable, sql, type Updateable } from 'kysely'
import * as z from 'zod'
import type { Db, Tables } from '#base/store'

export function selectSigningKeys(db: Db, accountId: string) {
  return db
    .selectFrom('signingKey')
    .select(['kid', 'createdAt', 'publicJwk', 'privateBox'])
    .where('accountId', '=', accountId)
    .orderBy('createdAt', 'desc')
    .orderBy('kid', 'desc')
    .execute()
}

export function selectInstallationKeys(db: Db) {
  return db
    .selectFrom('installationKey')
    .selectAll()
    .orderBy('createdAt', 'desc')
    .orderBy('kid', 'desc')
    .execute()
}

export async function insertInstallationKey(
  tx: Db,
  row: Insertable<Tables['installationKey']>,
): Promise<void> {
  await tx.insertInto('installationKey').values(row).execute()
}

export async function deleteInstallationKeys(tx: Db, kids: readonly string[]): Promise<void> {
  if (kids.length === 0) return
  await tx.deleteFrom('installationKey').where('kid', 'in', kids).execute()
}

export async function insertSigningKey(
  tx: Db,
  row: Insertable<Tables['signingKey']>,
): Promise<void> {
  await tx.insertInto('signingKey').values(row).execute()
}

export async function deleteSigningKeys(
  tx: Db,
  accountId: string,
  kids: readonly string[],
): Promise<void> {
  if (kids.length === 0) return
  await tx
    .deleteFrom('signingKey')
    .where('accountId', '=', accountId)
    .where('kid', 'in', kids)
    .execute()
}

export function selectClients(db: Db, accountId: string) {
  return db
    .selectFrom('oauthClient')
    .select([
      'clientId',
      'name',
      'scopes',
      'grantTypes',
      'redirectUris',
      'keptPermissions',
      'secretDigest',
      'secretBox',
      'oldSecrets',
      'webhook',
      'createdAt',
      'createdBy',
    ])
    .where('accountId', '=', accountId)
    .orderBy('createdAt')
    .execute()
}

const OldSecrets = z.array(z.object({ digest: z.string(), until: z.number() }))
export type OldSecret = z.infer<typeof OldSecrets>[number]

export function readOldSecrets(stored: unknown): OldSecret[] {
  return OldSecrets.parse(stored)
}

export interface ClientState {
  scopes: string[]
  grantTypes: GrantType[]
  redirectUris: string[]
  secretDigest: string
  /** Whether its secret is known, and not only its digest. */
  isSealed: boolean
  oldSecrets: OldSecret[]
}

export async function findClientState(
  tx: Db,
  accountId: string,
  clientId: string,
): Promise<ClientState | undefined> {
  const row = await tx
    .selectFrom('oauthClient')
    .select(['scopes', 'grantTypes', 'redirectUris', 'secretDigest', 'secretBox', 'oldSecrets'])
    .where('accountId', '=', accountId)
    .where('clientId', '=', clientId)
    .executeTakeFirst()
  if (!row) return undefined
  const { secretBox, oldSecrets, ...rest } = row
  return { ...rest, isSealed: secretBox !== null, oldSecrets: readOldSecrets(oldSecrets) }
}

export async function insertClient(tx: Db, row: Insertable<Tables['oauthClient']>): Promise<void> {
  await tx.insertInto('oauthClient').values(row).execute()
}

/** API keys and applications of all accounts, as `<account>: <name>`, oldest first. */
export async function selectAllKeys(db: Db, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('apiKey')
    .select(['accountId', 'name', 'createdAt'])
    .unionAll(db.selectFrom('oauthClient').select(['accountId', 'name', 'createdAt']))
    .orderBy('createdAt')
    .limit(limit)
    .execute()
  return rows.map(({ accountId, name }) => `${accountId}: ${name}`)
}

/** Users, API keys and applications of all accounts that may do more than what was granted to them, as `<account>: <name>`. */
export async function selectKept(db: Db, limit: number): Promise<string[]> {
  const isKept = sql<boolean>`cardinality(kept_permissions) > 0`
  const rows = await db
    .selectFrom('apiKey')
    .select(['accountId', 'name', 'createdAt'])
    .where(isKept)
    .unionAll(db.selectFrom('oauthClient').select(['accountId', 'name', 'createdAt']).where(isKept))
    .unionAll(
      db
        .selectFrom('accountUser')
        .select(['accountId', 'loginName as name', 'createdAt'])
        .where(isKept),
    )
    .orderBy('createdAt')
    .limit(limit)
    .execute()
  return rows.map(({ accountId, name }) => `${accountId}: ${name}`)
}

/** `false` when there is no such application. */
export async function updateClient(
  tx: Db,
  accountId: string,
  clientId: string,
  changed: Updateable<Tables['oauthClient']>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('oauthClient')
    .set({ clientId, ...changed })
    .where('accountId', '=', accountId)
    .where('clientId', '=', clientId)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function deleteClientRow(
  tx: Db,
  accountId: string,
  clientId: string,
): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('oauthClient')
    .where('accountId', '=', accountId)
    .where('clientId', '=', clientId)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

export function selectApiKeys(db: Db, accountId: string) {
  return db
    .selectFrom('apiKey')
    .select([
      'keyId',
      'name',
      'appKey',
      'accessToken',
      'secretBox',
      'accessTokenSecretBox',
      'permissions',
      'keptPermissions',
      'createdAt',
      'createdBy',
    ])
    .where('accountId', '=', accountId)
    .orderBy('createdAt')
    .execute()
}

export async function insertApiKey(tx: Db, row: Insertable<Tables['apiKey']>): Promise<void> {
  await tx.insertInto('apiKey').values(row).execute()
}

/** `false` when there is no such key. */
export async function updateApiKey(
  tx: Db,
  accountId: string,
  keyId: string,
  changed: { name?: string; permissions?: Permission[]; keptPermissions?: Permission[] },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('apiKey')
    .set({ keyId, ...changed })
    .where('accountId', '=', accountId)
    .where('keyId', '=', keyId)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function deleteApiKeyRow(tx: Db, accountId: string, keyId: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('apiKey')
    .where('accountId', '=', accountId)
    .where('keyId', '=', keyId)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

export async function selectIssuers(db: Db, accountId: string): Promise<TokenIssuer[]> {
  const rows = await db
    .selectFrom('tokenIssuer')
    .selectAll()
    .where('accountId', '=', accountId)
    .orderBy('issuer')
    .execute()
  return rows.map(({ issuer, audience, keys, createdAt }) => ({
    issuer,
    ...(audience !== null && { audience }),
    keys: keys as TokenIssuer['keys'],
    createdAt: createdAt.toISOString(),
  }))
}

export async function insertIssuer(tx: Db, row: Insertable<Tables['tokenIssuer']>): Promise<void> {
  await tx.insertInto('tokenIssuer').values(row).execute()
}

export async function deleteIssuerRow(tx: Db, accountId: string, issuer: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('tokenIssuer')
    .where('accountId', '=', accountId)
    .where('issuer', '=', issuer)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** `false` when the nonce was used before. */
export async function useNonce(
  db: Db,
  accountId: string,
  appKey: string,
  nonce: string,
  at: Date,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('usedNonce')
    .values({ accountId, appKey, nonce, at })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}

export async function deleteNonce(
  db: Db,
  accountId: string,
  appKey: string,
  nonce: string,
): Promise<void> {
  await db
    .deleteFrom('usedNonce')
    .where('accountId', '=', accountId)
    .where('appKey', '=', appKey)
    .where('nonce', '=', nonce)
    .execute()
}

/** Of all accounts: what is too old to be accepted needs no remembering. */
export async function deleteNoncesBefore(db: Db, before: Date): Promise<void> {
  await db.deleteFrom('usedNonce').where('at', '<', before).execute()
}
