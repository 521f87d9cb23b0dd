import {
  boundedMap,
  type Credentials,
  findSigner,
  readAppToken,
  verifyKeyProof,
  verifySignedRequest,
} from '#identity/credentials'
import { ParleyError } from '#base/kernel'
import type { Guard, GuardedRequest, Principal } from '#base/http'
import type { AccountsRoom } from './room.ts'
import { hashToken, isLive } from './sessions.ts'
import { findSession } from './sessions-repository.ts'

const KNOWN_TOKENS = 10_000
const MAX_MEMORY_MS = 5 * 60_000

export interface Gate {
  guard: Guard
  /** A bearer by itself, for tokens in paths. */
  authenticate(bearer: string, accountId: string): Principal | Promise<Principal>
  /** Who has sent a request that was let in before: without the proofs that count only once. */
  recognize(request: GuardedRequest, accountId: string): Promise<Principal>
  forget(accountId: string): void
  forgetAll(): void
}

interface KnownToken {
  principal: Principal
  until: number
}

/**
 * Tells callers apart. What was found out about a token is remembered for at most 5 minutes, and until
 * credentials, users or sessions of its account change.
 */
export function openGate(room: AccountsRoom): Gate {
  const known = boundedMap<string, KnownToken>(KNOWN_TOKENS)
  /** Counts what was forgotten, so that what was read before is not remembered after. */
  let epoch = 0

  function remember(
    token: string,
    principal: Principal,
    expiresAt: number,
    readIn: number,
  ): Principal {
    const until = Math.min(expiresAt, room.clock.now() + MAX_MEMORY_MS)
    if (readIn === epoch) known.set(token, { principal, until })
    return principal
  }

  function authenticate(bearer: string, accountId: string): Principal | Promise<Principal> {
    const entry = known.get(bearer)
    if (entry && entry.until > room.clock.now() && entry.principal.accountId === accountId) {
      return entry.principal
    }
    if (!looksLikeJwt(bearer)) return findUser(bearer, accountId)
    const credentials = room.credentials.peek(accountId)
    if (credentials) return findApp(credentials, bearer, accountId, epoch)
    const readIn = epoch
    return room.credentials.get(accountId).then((read) => findApp(read, bearer, accountId, readIn))
  }

  function findApp(
    credentials: Credentials,
    token: string,
    accountId: string,
    readIn: number,
  ): Principal {
    const found = readAppToken(credentials, accountId, token, room.clock.now())
    if (!found || found.keyThumbprint !== undefined) throw wrongToken()
    return remember(token, found.principal, found.expiresAt, readIn)
  }

  /** A token that was bound to a key: the proof is different in every request, so nothing is remembered. */
  async function findKeyOwner(
    token: string,
    accountId: string,
    request: GuardedRequest,
  ): Promise<Principal> {
    const credentials = await room.credentials.get(accountId)
    const found = readAppToken(credentials, accountId, token, room.clock.now())
    if (found?.keyThumbprint === undefined) throw wrongToken()
    const thumbprint = await verifyKeyProof(room, accountId, request, token)
    if (thumbprint !== found.keyThumbprint) throw wrongToken()
    return found.principal
  }

  async function findUser(bearer: string, accountId: string): Promise<Principal> {
    const readIn = epoch
    const session = await findSession(room.store.db, accountId, hashToken(bearer))
    if (!session || !(await isLive(room, accountId, session))) throw wrongToken()
    const directory = await room.directory.get(accountId)
    const user = directory.users.get(session.userId)
    if (!user?.enabled) throw wrongToken()
    const expiresAt = session.expiresAt.getTime()
    const principal: Principal = {
      accountId,
      kind: 'user',
      id: user.userId,
      name: user.loginName,
      pid: user.pid,
      permissions: directory.permissionsOf(user.userId),
      scopes: new Set(),
      session: { sequence: session.sequence, expiresAt },
    }
    return remember(bearer, principal, expiresAt, readIn)
  }

  return {
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
      if (scheme === 'oauth') return verifySignedRequest(room, accountId, request)
      if (scheme === 'dpop') return findKeyOwner(token, accountId, request)
      throw new ParleyError(
        'unauthorized',
        'The Authorization header must be Bearer, OAuth or DPoP',
      )
    },
    async recognize({ headers: { authorization = '' } }, accountId) {
      const { scheme, token } = readAuthorization(authorization)
      if (scheme === 'bearer') return authenticate(token, accountId)
      const credentials = await room.credentials.get(accountId)
      const found =
        scheme === 'oauth'
          ? findSigner(credentials, accountId, authorization)
          : readAppToken(credentials, accountId, token, room.clock.now())?.principal
      if (!found) throw wrongToken()
      return found
    },
    forget(accountId) {
      epoch += 1
      known.deleteWhere(({ principal }) => principal.accountId === accountId)
    },
    forgetAll() {
      epoch += 1
      known.clear()
    },
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

function wrongToken(): ParleyError {
  return new ParleyError('unauthorized', 'The token is wrong or has expired')
}
