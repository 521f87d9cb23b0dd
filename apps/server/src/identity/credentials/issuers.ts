import { createPublicKey, type KeyObject } from 'node:crypto'
import type { TokenIssuer } from '@parley/contract'
import type { Actor } from '#identity/audit'
import { conflicting, invalid, ParleyError } from '#base/kernel'
import { mapConstraintErrors } from '#base/store'
import { deleteIssuerRow, insertIssuer } from './repository.ts'
import type { CredentialsDeps } from './deps.ts'

const MIN_RSA_BITS = 2048
/** Those of the algorithms by which external tokens may be signed. */
const CURVES = new Set(['prime256v1', 'secp384r1', 'secp521r1'])

export interface IssuerDraft {
  issuer: string
  audience?: string | undefined
  publicKeyPem?: string | undefined
  keys?: TokenIssuer['keys'] | undefined
}

export async function list(deps: CredentialsDeps, accountId: string): Promise<TokenIssuer[]> {
  return [...(await deps.snapshots.get(accountId)).issuers.values()]
}

/** Trusts the tokens of an external issuer from now on. */
export async function create(
  deps: CredentialsDeps,
  accountId: string,
  actor: Actor,
  { issuer, audience, publicKeyPem, keys }: IssuerDraft,
): Promise<TokenIssuer> {
  const usable = publicKeyPem === undefined ? (keys ?? []).map(keyOfJwk) : [keyOfPem(publicKeyPem)]
  const createdAt = new Date(deps.wallClock.now())
  await deps.snapshots.change(accountId, async (tx) => {
    const row = {
      accountId,
      issuer,
      audience: audience ?? null,
      keys: JSON.stringify(usable),
      createdAt,
    }
    await mapConstraintErrors(insertIssuer(tx, row), {
      token_issuer_pkey: (cause) =>
        conflicting('body.issuer', `"${issuer}" is trusted already`, cause),
    })
    await deps.audit.record(tx, accountId, {
      actor,
      action: 'issuer.created',
      object: `issuer:${issuer}`,
    })
  })
  return {
    issuer,
    ...(audience !== undefined && { audience }),
    keys: usable,
    createdAt: createdAt.toISOString(),
  }
}

export async function remove(
  deps: CredentialsDeps,
  accountId: string,
  actor: Actor,
  issuer: string,
): Promise<void> {
  await deps.snapshots.change(accountId, async (tx) => {
    if (!(await deleteIssuerRow(tx, accountId, issuer))) {
      throw new ParleyError('not_found', `No issuer "${issuer}"`)
    }
    await deps.audit.record(tx, accountId, {
      actor,
      action: 'issuer.deleted',
      object: `issuer:${issuer}`,
    })
  })
}

function keyOfPem(pem: string): TokenIssuer['keys'][number] {
  return publicPart(
    readKey(() => createPublicKey(pem), 'body.publicKeyPem'),
    'body.publicKeyPem',
  )
}

function keyOfJwk(jwk: TokenIssuer['keys'][number], index: number): TokenIssuer['keys'][number] {
  const path = `body.keys.${index}`
  const key = readKey(() => createPublicKey({ key: jwk, format: 'jwk' }), path)
  const { kid, alg } = jwk
  return {
    ...publicPart(key, path),
    ...(kid !== undefined && { kid }),
    ...(typeof alg === 'string' && { alg }),
  }
}

/** Only the public members are kept, also when the caller sends the private ones. */
function publicPart(key: KeyObject, path: string): TokenIssuer['keys'][number] {
  if (!isUsable(key)) {
    throw invalid(path, 'must be a key of RSA, Ed25519, P-256, P-384 or P-521')
  }
  const bits = key.asymmetricKeyDetails?.modulusLength
  if (bits !== undefined && bits < MIN_RSA_BITS) {
    throw invalid(path, `must have at least ${MIN_RSA_BITS} bits`)
  }
  return key.export({ format: 'jwk' }) as TokenIssuer['keys'][number]
}

function isUsable({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): boolean {
  return type === 'rsa' || type === 'ed25519' || CURVES.has(details?.namedCurve ?? '')
}

function readKey<T>(read: () => T, path: string): T {
  try {
    return read()
  } catch (cause) {
    throw invalid(path, 'must be a public key', cause)
  }
}
