import type { AppTokenOwner } from '#identity/credentials'
import { ParleyError } from '#base/kernel'
import { boundedMap, declareBound } from '#base/bounds'
import type { Guard, GuardedRequest, Principal } from '#base/http'
import { requireActive } from '#base/store'
import type { AccountsDeps } from './deps.ts'
import { rightsByKey } from './key-rights.ts'
import { hashToken, isLive } from './live-session.ts'
import { findSession } from './sessions-repository.ts'

const KNOWN_TOKENS = declareBound({
  kind: 'map',
  holds: 'owners of tokens that were recognized',
  limit: 10_000,
  per: 'node',
  beyond: 'the least recently used one is forgotten, and looked up again',
})
const MAX_MEMORY_MS = 5 * 60_000

export interface Authenticator {
  /** User session, application token or OAuth1 signature. Synchronous when the token is known. */
  guard: Guard
  /** Who a bearer belongs to, for tokens in paths. Throws `unauthorized`. */
  authenticate(bearer: string, accountId: string): Principal | Promise<Principal>
  /** Who has sent a request that was accepted before. Proofs that may be used only once are not checked again. */
  recognize(request: GuardedRequest, accountId: string): Promise<Principal>
  forget(accountId: string): void
  forgetAll(): void
}

interface KnownToken {
  principal: Principal
  until: number
}

/**
 * Finds out who sends a request. The owner of a token is remembered for at most 5 minutes, and not after credentials,
 * users or sessions of its account have changed.
 */
export function openAuthenticator(deps: AccountsDeps): Authenticator {
  const known = boundedMap<string, KnownToken>(KNOWN_TOKENS)
  /** Grows whenever something is forgotten, so that an answer read before that is not remembered after it. */
  let epoch = 0

  function remember(
    token: string,
    principal: Principal,
    expiresAt: number,
    readIn: number,
  ): Principal {
    const until = Math.min(expiresAt, deps.wallClock.now() + MAX_MEMORY_MS)
    if (readIn === epoch) known.set(token, { principal, until })
    return principal
  }

  function authenticate(bearer: string, accountId: string): Principal | Promise<Principal> {
    const entry = known.get(bearer)
    if (entry && entry.until > deps.wallClock.now() && entry.principal.accountId === accountId) {
      return entry.principal
    }
    if (!looksLikeJwt(bearer)) return findUser(bearer, accountId)
    if (isGrantedToken(bearer)) return findGranted(bearer, accountId)
    const readIn = epoch
    const found = deps.credentials.appTokens.findOwner(accountId, bearer)
    return found instanceof Promise
      ? found.then((owner) => acceptApp(owner, bearer, readIn))
      : acceptApp(found, bearer, readIn)
  }

  function acceptApp(owner: AppTokenOwner | undefined, token: string, readIn: number): Principal {
    if (!owner || owner.keyThumbprint !== undefined) throw wrongToken()
    return remember(token, owner.principal, owner.expiresAt, readIn)
  }

  /** The user for whom an application acts: both must be there, and may only what both may. */
  async function findGranted(bearer: string, accountId: string): Promise<Principal> {
    const readIn = epoch
    const granted = await deps.grants.findGranted(accountId, bearer)
    const directory = await deps.directory.get(accountId)
    const user = granted && directory.users.get(granted.userId)
    if (!granted || !user?.enabled) throw wrongToken()
    const via = `client:${granted.clientId}`
    const principal: Principal = {
      accountId,
      kind: 'user',
      id: user.userId,
      name: `${user.loginName} by ${via}`,
      via,
      pid: user.pid,
      permissions: granted.permissions.intersection(directory.permissionsOf(user.userId)),
      scopes: new Set(),
    }
    return remember(bearer, principal, granted.expiresAt, readIn)
  }

  /** Of a token that is bound to a key. Nothing is remembered: every request has another proof. */
  async function findKeyOwner(
    token: string,
    accountId: string,
    request: GuardedRequest,
  ): Promise<Principal> {
    const owner = await deps.credentials.appTokens.findOwner(accountId, token)
    if (owner?.keyThumbprint === undefined) throw wrongToken()
    const proof = await deps.credentials.keyProofs.verify(accountId, request, token)
    if (proof.thumbprint !== owner.keyThumbprint) throw wrongToken()
    return { ...owner.principal, releaseProof: proof.release }
  }

  async function findUser(bearer: string, accountId: string): Promise<Principal> {
    const readIn = epoch
    const session = await findSession(deps.store.db, accountId, hashToken(bearer))
    if (!session || !(await isLive(deps, accountId, session))) throw wrongToken()
    const directory = await deps.directory.get(accountId)
    const user = directory.users.get(session.userId)
    if (!user?.enabled) throw wrongToken()
    const expiresAt = session.expiresAt.getTime()
    const key =
      session.loginKey === null
        ? undefined
        : await deps.credentials.loginKeys.findOwner(accountId, session.loginKey)
    const permissions =
      session.loginKey === null
        ? directory.permissionsOf(user.userId)
        : key && rightsByKey(key, user)
    if (!permissions) throw wrongToken()
    const principal: Principal = {
      accountId,
      kind: 'user',
      id: user.userId,
      name: key ? `${user.loginName} by ${key.name}` : user.loginName,
      ...(key && { via: key.name }),
      ...(key && user.kind === 'human' && { isImpersonated: true }),
      pid: user.pid,
      permissions,
      scopes: new Set(),
      session: { sequence: session.sequence, expiresAt },
    }
    return remember(bearer, principal, expiresAt, readIn)
  }

  return refusingSuspended(deps, {
    authenticate,
    guard(request, accountId) {
      const { authorization } = request.headers
      if (authorization === undefined) {
        throw new ParleyError('unauthorized', 'The request has no Authorization header')
      }
      if (accountId === undefined) {
        throw new ParleyError('unauthorized', 'The path names no account')
      }
      const { scheme, token } = readAuthorization(authorization)
      if (scheme === 'bearer') return authenticate(token, accountId)
      if (scheme === 'oauth') return deps.credentials.signedRequests.verify(accountId, request)
      if (scheme === 'dpop') return findKeyOwner(token, accountId, request)
      throw new ParleyError(
        'unauthorized',
        'The Authorization header must be Bearer, OAuth or DPoP',
      )
    },
    async recognize({ headers: { authorization = '' } }, accountId) {
      const { scheme, token } = readAuthorization(authorization)
      if (scheme === 'bearer') return authenticate(token, accountId)
      const found =
        scheme === 'oauth'
          ? await deps.credentials.signedRequests.findSigner(accountId, authorization)
          : (await deps.credentials.appTokens.findOwner(accountId, token))?.principal
      if (!found) throw wrongToken()
      return found
    },
    forget(accountId) {
      epoch += 1
      for (const [token, { principal }] of known) {
        if (principal.accountId === accountId) known.delete(token)
      }
    },
    forgetAll() {
      epoch += 1
      known.clear()
    },
  })
}

/** Credentials that are right do not help in an account that is suspended, but their owner may know why. */
function refusingSuspended(
  { store }: Pick<AccountsDeps, 'store'>,
  found: Authenticator,
): Authenticator {
  const active = (principal: Principal): Principal => {
    requireActive(store, principal.accountId)
    return principal
  }
  const checked = (principal: Principal | Promise<Principal>) =>
    principal instanceof Promise ? principal.then(active) : active(principal)
  return {
    ...found,
    authenticate: (bearer, accountId) => checked(found.authenticate(bearer, accountId)),
    guard: (request, accountId) => checked(found.guard(request, accountId)),
    recognize: async (request, accountId) => active(await found.recognize(request, accountId)),
  }
}

/** The token of an `Authorization: Bearer …` header. */
export function bearerOf(authorization: string): string | undefined {
  const { scheme, token } = readAuthorization(authorization)
  return scheme === 'bearer' ? token : undefined
}

function readAuthorization(authorization: string): { scheme: string; token: string } {
  const space = authorization.indexOf(' ')
  if (space < 0) return { scheme: authorization.toLowerCase(), token: '' }
  return {
    scheme: authorization.slice(0, space).toLowerCase(),
    token: authorization.slice(space + 1).trim(),
  }
}

function looksLikeJwt(token: string): boolean {
  return token.startsWith('eyJ') && token.includes('.')
}

/** Told by its header, which its signature covers: a cheaper look than a check. */
function isGrantedToken(token: string): boolean {
  const header = Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString()
  return header.includes('"at+jwt"')
}

function wrongToken(): ParleyError {
  return new ParleyError('unauthorized', 'The token is wrong or has expired')
}
