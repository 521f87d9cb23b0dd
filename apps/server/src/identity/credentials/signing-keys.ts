import { generateKeyPair, sign } from 'node:crypto'
import { promisify } from 'node:util'
import { recordAudit } from './audit.ts'
import { type KnownSigningKey, signingKeyContext } from './known.ts'
import { lockAccount } from './lock-account.ts'
import { deleteSigningKeys, insertSigningKey, selectSigningKeys } from './repository.ts'
import type { CredentialsRoom, Actor } from './room.ts'

const makeKeyPair = promisify(generateKeyPair)
const signAsync = promisify(sign)

/** Signs claims as a JWT with the account's newest key, which is replaced when it has become too old. */
export async function signJwt(
  room: CredentialsRoom,
  accountId: string,
  claims: object,
): Promise<string> {
  const { kid, privateKey } = await currentKey(room, accountId)
  const signed = `${encode({ alg: 'RS256', typ: 'JWT', kid })}.${encode(claims)}`
  const signature = await signAsync('sha256', Buffer.from(signed), privateKey())
  return `${signed}.${signature.toString('base64url')}`
}

async function currentKey(room: CredentialsRoom, accountId: string): Promise<KnownSigningKey> {
  const { signingKeys } = await room.credentials.get(accountId)
  const lives = await room.lives(accountId)
  const [newest] = signingKeys
  if (newest && newest.createdAt > room.clock.now() - lives.signingKeyMs) return newest
  await rotate(room, accountId, 'system', { seen: newest?.kid, revoke: false })
  const [fresh] = (await room.credentials.get(accountId)).signingKeys
  if (!fresh) throw new Error('A signing key was made and is not there')
  return fresh
}

/** Signs with a new key from now on. `revoke`: tokens of the old ones are refused at once. */
export async function rotateSigningKey(
  room: CredentialsRoom,
  accountId: string,
  actor: Actor,
  { revoke }: { revoke: boolean },
): Promise<KnownSigningKey> {
  const { signingKeys } = await room.credentials.get(accountId)
  await rotate(room, accountId, actor, { seen: signingKeys[0]?.kid, revoke })
  const [fresh] = (await room.credentials.get(accountId)).signingKeys
  if (!fresh) throw new Error('A signing key was made and is not there')
  return fresh
}

/** Does nothing when another node has replaced the key that was `seen`, unless the old ones are to be revoked. */
async function rotate(
  room: CredentialsRoom,
  accountId: string,
  actor: Actor,
  { seen, revoke }: { seen: string | undefined; revoke: boolean },
): Promise<void> {
  const { publicKey, privateKey } = await makeKeyPair('rsa', { modulusLength: 2048 })
  const kid = room.ids.uuid()
  const now = room.clock.now()
  const lives = await room.lives(accountId)
  await room.store.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    const present = await selectSigningKeys(tx, accountId)
    if (!revoke && present[0]?.kid !== seen) return
    await insertSigningKey(tx, {
      accountId,
      kid,
      publicJwk: JSON.stringify({
        ...publicKey.export({ format: 'jwk' }),
        kid,
        use: 'sig',
        alg: 'RS256',
      }),
      privateBox: room.box.seal(
        privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        signingKeyContext(accountId, kid),
      ),
      createdAt: new Date(Math.max(now, (present[0]?.createdAt.getTime() ?? 0) + 1)),
    })
    // A key has signed until its successor was made; the longest-lived of its tokens ends one life later.
    const longestLife = Math.max(ANONYMOUS_IDENTITY_MS, lives.consumerTokenMs, lives.appTokenMs)
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
    await recordAudit(room, tx, accountId, entry)
  })
  room.credentials.changed(accountId)
}

/** An anonymous consumer who comes back within this time is the same one. */
export const ANONYMOUS_IDENTITY_MS = 365 * 24 * 3_600_000

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
