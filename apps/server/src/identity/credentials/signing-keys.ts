import type { Actor } from '#identity/audit'
import { canSign, type SigningKeyEntry, signingKeyContext } from './snapshot.ts'
import { ANONYMOUS_IDENTITY_MS, type JwtClaims, makeKey, readOwnJwt, signWith } from './jwt.ts'
import { lockAccount } from '#base/kit'
import { deleteSigningKeys, insertSigningKey, selectSigningKeys } from './repository.ts'
import type { CredentialsDeps } from './deps.ts'

/** Signs claims as a JWT with the account's newest key, which is replaced when it has become too old. */
export async function signJwt(
  deps: CredentialsDeps,
  accountId: string,
  claims: object,
): Promise<string> {
  return await signWith(await currentKey(deps, accountId), claims)
}

async function currentKey(deps: CredentialsDeps, accountId: string): Promise<SigningKeyEntry> {
  const { signingKeys } = await deps.snapshots.get(accountId)
  const { identity } = await deps.settings.get(accountId)
  const [newest] = signingKeys
  const isYoung = newest && newest.createdAt > deps.wallClock.now() - identity.signingKeyMs
  if (isYoung && canSign(newest)) return newest
  return replace(deps, accountId, 'system', { seen: newest?.kid, revoke: false })
}

/** The key that signs now, for a library that signs by itself; the account's newest key, replaced when it has become too old. */
export async function signingJwk(
  deps: CredentialsDeps,
  accountId: string,
): Promise<JsonWebKey & { kid: string }> {
  const { kid, privateKey } = await currentKey(deps, accountId)
  return { ...privateKey().export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' }
}

/** The claims of a token that this account has signed and that has not expired, `undefined` for any other. */
export async function readJwt(
  { snapshots, wallClock }: CredentialsDeps,
  accountId: string,
  token: string,
): Promise<JwtClaims | undefined> {
  const { signingKeys } = await snapshots.get(accountId)
  const now = wallClock.now()
  const claims = readOwnJwt(signingKeys, token, now)
  return claims && claims.exp * 1000 > now ? claims : undefined
}

/** Newest first: the first one signs. */
export async function list(
  { snapshots }: CredentialsDeps,
  accountId: string,
): Promise<{ kid: string; createdAt: string; current: boolean }[]> {
  const { signingKeys } = await snapshots.get(accountId)
  return signingKeys.map((key, index) => ({ ...summaryOf(key), current: index === 0 }))
}

/** The public keys by which others check tokens of the account, as a JSON Web Key Set. */
export async function publicKeys(
  { snapshots }: CredentialsDeps,
  accountId: string,
): Promise<{ keys: object[] }> {
  const { signingKeys } = await snapshots.get(accountId)
  return { keys: signingKeys.map(({ publicJwk }) => publicJwk) }
}

function summaryOf({ kid, createdAt }: SigningKeyEntry): { kid: string; createdAt: string } {
  return { kid, createdAt: new Date(createdAt).toISOString() }
}

/** Signs with a new key from now on. `revoke`: tokens of the old ones are refused at once. */
export async function rotate(
  deps: CredentialsDeps,
  accountId: string,
  actor: Actor,
  { revoke }: { revoke: boolean },
): Promise<{ kid: string; createdAt: string; current: boolean }> {
  const { signingKeys } = await deps.snapshots.get(accountId)
  const fresh = await replace(deps, accountId, actor, { seen: signingKeys[0]?.kid, revoke })
  return { ...summaryOf(fresh), current: true }
}

/** Makes a new key, unless another node has replaced the key that was `seen` and none is revoked. Returns the newest key. */
async function replace(
  deps: CredentialsDeps,
  accountId: string,
  actor: Actor,
  { seen, revoke }: { seen: string | undefined; revoke: boolean },
): Promise<SigningKeyEntry> {
  const kid = deps.ids.uuid()
  const key = await makeKey(deps, kid, signingKeyContext(accountId, kid))
  const now = deps.wallClock.now()
  const { identity } = await deps.settings.get(accountId)
  await deps.snapshots.change(accountId, async (tx) => {
    await lockAccount(tx, accountId)
    const present = await selectSigningKeys(tx, accountId)
    if (!revoke && present[0]?.kid !== seen) return
    await insertSigningKey(tx, {
      accountId,
      ...key,
      createdAt: new Date(Math.max(now, (present[0]?.createdAt.getTime() ?? 0) + 1)),
    })
    // A key has signed until its successor was made; the longest-lived of its tokens ends one life later.
    const longestLife = Math.max(
      ANONYMOUS_IDENTITY_MS,
      identity.consumerTokenMs,
      identity.appTokenMs,
    )
    const spent = present.filter((_key, index) => {
      const successor = present[index - 1]
      return revoke || (successor && successor.createdAt.getTime() < now - longestLife)
    })
    await deleteSigningKeys(
      tx,
      accountId,
      spent.map((key) => key.kid),
    )
    const entry = {
      actor,
      action: 'signing-key.rotated',
      object: `signing-key:${kid}`,
      details: { revoke },
    }
    await deps.audit.record(tx, accountId, entry)
  })
  const [newest] = (await deps.snapshots.get(accountId)).signingKeys
  if (!newest) throw new Error('A signing key was made and is missing')
  return newest
}
