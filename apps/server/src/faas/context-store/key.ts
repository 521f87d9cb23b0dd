import { hash, timingSafeEqual } from 'node:crypto'
import { ParleyError } from '#base/kernel'
import type { Db } from '#base/store'
import type { ContextStoreDeps } from './deps.ts'
import { findKey, insertKey, replaceKeyRow } from './repository.ts'

export interface ContextKey {
  apiKey: string
  createdAt: string
}

const CONTEXT = 'context-store key'

/** The account's key. Made at the first request for it. */
export async function getKey(deps: ContextStoreDeps, accountId: string): Promise<ContextKey> {
  const { store, credentials } = deps
  const row =
    (await findKey(store.db, accountId)) ?? (await makeKey(deps, store.db, accountId, 'keep'))
  return {
    apiKey: credentials.secrets.open(accountId, CONTEXT, row.sealedKey),
    createdAt: row.createdAt.toISOString(),
  }
}

export async function replaceKey(
  deps: ContextStoreDeps,
  accountId: string,
  actor: string,
): Promise<ContextKey> {
  await deps.store.transaction(async (tx) => {
    await makeKey(deps, tx, accountId, 'replace')
    const entry = { actor, action: 'context-key.replaced', object: 'context-key' }
    await deps.audit.record(tx, accountId, entry)
  })
  return getKey(deps, accountId)
}

/** @throws `forbidden`, as the published service answers, unless the key is the account's */
export async function checkKey(
  { store }: ContextStoreDeps,
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

async function makeKey(
  { credentials, clock, ids }: ContextStoreDeps,
  db: Db,
  accountId: string,
  existing: 'keep' | 'replace',
) {
  const apiKey = ids.token(24)
  const made = {
    keyDigest: digest(apiKey),
    sealedKey: credentials.secrets.seal(accountId, CONTEXT, apiKey),
    createdAt: new Date(clock.now()),
  }
  await (existing === 'keep' ? insertKey : replaceKeyRow)(db, { accountId, ...made })
  // Another request may have been faster.
  return (await findKey(db, accountId)) ?? { accountId, ...made }
}

function digest(key: string): string {
  return hash('sha256', key, 'base64url')
}
