import { ParleyError } from '#base/kernel'
import { type GuardedRequest, type Principal, splitUrl } from '#base/http'
import type { ApiKeyEntry } from './snapshot.ts'
import { isSameSecret } from '#base/kit'
import { isNow } from './nonces.ts'
import { isOAuth1Method, OAUTH1_METHODS, parseOAuth1Header, sign, signatureBase } from './oauth1.ts'
import type { CredentialsDeps } from './deps.ts'

/**
 * Who signed a request by OAuth1.
 * @throws `unauthorized` saying what does not fit
 */
export async function verify(
  deps: CredentialsDeps,
  accountId: string,
  request: GuardedRequest,
): Promise<Principal> {
  const params = parseOAuth1Header(request.headers.authorization ?? '')
  if (!params) throw refused('the Authorization header cannot be read')
  const signed = readParams(params)
  const at = signed.timestamp * 1000
  if (!isNow(deps, at)) throw refused('oauth_timestamp is off by more than 5 minutes')
  const key = (await deps.snapshots.get(accountId)).apiKeys.get(signed.consumerKey)
  if (!key) throw refused('oauth_consumer_key is not a key of this account')
  if (signed.token && signed.token !== key.accessToken) {
    throw refused('oauth_token does not belong to the key')
  }
  if (!fits(request, params, signed, key)) throw refused('oauth_signature does not fit the request')
  if (!(await deps.nonces.use(accountId, key.appKey, signed.nonce, at))) {
    throw refused('oauth_nonce was used before')
  }
  await deps.uses.ofKey(accountId, key)
  return {
    ...principalOf(accountId, key),
    releaseProof: () => deps.nonces.release(accountId, key.appKey, signed.nonce),
  }
}

/** Who has signed a request that was verified before, `undefined` when the key was deleted since then. */
export async function findSigner(
  { snapshots }: CredentialsDeps,
  accountId: string,
  authorization: string,
): Promise<Principal | undefined> {
  const { apiKeys } = await snapshots.get(accountId)
  const params = parseOAuth1Header(authorization)
  const key = apiKeys.get(params?.get('oauth_consumer_key') ?? '')
  return key && principalOf(accountId, key)
}

function principalOf(accountId: string, { appKey, permissions }: ApiKeyEntry): Principal {
  return {
    accountId,
    kind: 'app',
    id: appKey,
    name: `key:${appKey}`,
    permissions: new Set(permissions),
    scopes: new Set(),
  }
}

interface SignedParams {
  consumerKey: string
  token: string
  method: string
  timestamp: number
  nonce: string
  signature: string
}

function readParams(params: ReadonlyMap<string, string>): SignedParams {
  const get = (name: string) => params.get(name) ?? ''
  const signed = {
    consumerKey: get('oauth_consumer_key'),
    token: get('oauth_token'),
    method: get('oauth_signature_method'),
    timestamp: Number(get('oauth_timestamp') || Number.NaN),
    nonce: get('oauth_nonce'),
    signature: get('oauth_signature'),
  }
  if (!isOAuth1Method(signed.method))
    throw refused(`oauth_signature_method must be ${OAUTH1_METHODS}`)
  if (!Number.isSafeInteger(signed.timestamp))
    throw refused('oauth_timestamp must be a number of seconds')
  if (!/^[\x21-\x7e]{1,128}$/.test(signed.nonce))
    throw refused('oauth_nonce must be 1 to 128 characters')
  if (!['', '1.0'].includes(get('oauth_version'))) throw refused('oauth_version must be 1.0')
  return signed
}

/** Clients sign the address that they think they call: https first, because a proxy may have taken TLS off. */
function fits(
  request: GuardedRequest,
  params: ReadonlyMap<string, string>,
  { method, token, signature }: SignedParams,
  key: ApiKeyEntry,
): boolean {
  const { path, query } = splitUrl(request.url)
  const host = (request.headers.host ?? '').toLowerCase()
  const origins = [`https://${host.replace(/:443$/, '')}`]
  if (!request.encrypted) origins.push(`http://${host.replace(/:80$/, '')}`)
  const tokenSecret = token === '' ? '' : key.accessTokenSecret()
  return origins.some((origin) =>
    [false, true].some((plusIsSpace) => {
      const base = signatureBase(request.method, { origin, path, query }, params, plusIsSpace)
      return isSameSecret(signature, sign(base, method, key.secret(), tokenSecret))
    }),
  )
}

function refused(reason: string): ParleyError {
  return new ParleyError('unauthorized', `OAuth1: ${reason}`)
}
