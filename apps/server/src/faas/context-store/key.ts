import { createHash, timingSafeEqual } from 'node:crypto'
import type { Accounts } from '#identity/accounts'
import { type Clock, type Ids, ParleyError } from '#base/kernel'
import type { Db, Store } from '#base/store'

export interface KeyDeps {
  store: Store
  accounts: Accounts
  clock: Clock
  ids: Ids
}

export interface ContextKey {
  apiKey: string
  createdAt: string
}

const CONTEXT = 'context-store key'

/** The account's key, made when it is first asked for. */
export async function getKey(deps: KeyDeps, accountId: string): Promise<ContextKey> {
  const { store, accounts } = deps
  const row =
    (await findKey(store.db, accountId)) ?? (await makeKey(deps, store.db, accountId, 'keep'))
  return {
    apiKey: accounts.openSecret(accountId, CONTEXT, row.sealedKey),
    createdAt: row.createdAt.toISOString(),
  }
}

export async function replaceKey(
  deps: KeyDeps,
  accountId: string,
  actor: string,
): Promise<ContextKey> {
  await deps.store.transaction(async (tx) => {
    await makeKey(deps, tx, accountId, 'replace')
    const entry = { actor, action: 'context-key.replaced', object: 'context-key' }
    await deps.accounts.recordAudit(tx, accountId, entry)
  })
  return getKey(deps, accountId)
}

/** Throws `forbidden` unless the key is the account's: that is what the published service answers. */
export async function checkKey(
  { store }: KeyDeps,
  accountId: string,
  given: string | undefined,
): Promise<void> {
  const row = await findKey(store.db, accountId)
  const isRight =
    row !== undefined &&
    given !== undefined &&
    timingSafeEqual(Buffer.from(digest(given)), Buffer.from(row.keyDigest))
  if (!isRight) {
    throw new ParleyError('forbidden', 'Header maven-api-key: is not the key of this account')
  }
}

function findKey(db: Db, accountId: string) {
  return db
    .selectFrom('contextKey')
    .selectAll()
    .where('accountId', '=', accountId)
    .executeTakeFirst()
}

async function makeKey(
  { accounts, clock, ids }: KeyDeps,
  db: Db,
  accountId: string,
  existing: 'keep' | 'replace',
) {
  const apiKey = ids.token(24)
  const made = {
    keyDigest: digest(apiKey),
    sealedKey: accounts.sealSecret(accountId, CONTEXT, apiKey),
    createdAt: new Date(clock.now()),
  }
  await db
    .insertInto('contextKey')
    .values({ accountId, ...made })
    .onConflict((conflict) =>
      existing === 'keep' ? conflict.doNothing() : conflict.column('accountId').doUpdateSet(made),
    )
    .execute()
  // Another request may have been faster.
  return (await findKey(db, accountId)) ?? { accountId, ...made }
}

function digest(key: string): string {
  return createHash('sha256').update(key).digest('base64url')
}
