import { timingSafeEqual } from 'node:crypto'
import type { User } from '@parley/contract'
import { addressGroup } from '#base/bounds'
import type { LoginKeyOwner } from '#identity/credentials'
import { ParleyError } from '#base/kernel'
import { type Db, requireActive } from '#base/store'
import { findPasswordHash, holdLogin } from './directory-repository.ts'
import type { AccountsDeps } from './deps.ts'
import { deviceCookie, knownDevice } from './devices.ts'
import { requireMayLogIn } from './key-rights.ts'
import { hashToken, isLive } from './live-session.ts'
import {
  deleteExpiredSessions,
  deleteOldestSessions,
  deleteSession,
  extendSession,
  findSession,
  findSessionByCookie,
  insertSession,
  listLoggedIn as findLoggedIn,
} from './sessions-repository.ts'

/** Of a user. One more ends the oldest one. */
const MAX_SESSIONS = 1000

/** How a client proves who it is. */
export type LoginProof = { password: string } | KeyProof

interface KeyProof {
  appKey: string
  secret: string
  accessToken?: string
  accessTokenSecret?: string
}

export interface OpenedSession {
  /** Opaque and safe in the path of a URL. */
  bearer: string
  csrf: string
  /** What goes into the cookie `session_id`. */
  sessionId: string
  expiresAt: number
  /** `Set-Cookie` for the browser, by which it is known as a device of this user. Absent for a login by key. */
  deviceCookie?: string
  user: User
}

export interface Login {
  loginName: string
  proof: LoginProof
  /** The caller's address, for the limit of failed attempts. */
  address: string
  /** The header of the request. */
  cookies?: string | undefined
}

/** @throws `unauthorized` when the proof is wrong, `rate_limited` after too many failures, `forbidden` when the key may not */
export async function logIn(
  deps: AccountsDeps,
  accountId: string,
  login: Login,
): Promise<OpenedSession> {
  const proven = await proveUser(deps, accountId, login)
  const session = await openSession(deps, accountId, proven, login.address)
  const { deviceCookie: device } = proven
  return device === undefined ? session : { ...session, deviceCookie: device }
}

export interface ProvenUser {
  user: User
  /** The key that logged the user in, `undefined` for a password. */
  key: LoginKeyOwner | undefined
  /** Of the password that was shown. */
  passwordHash: string | undefined
  /** See `OpenedSession`. */
  deviceCookie?: string
}

/** Checks who logs in, and opens no session. Throws as `logIn` does. */
export async function proveUser(
  deps: AccountsDeps,
  accountId: string,
  { loginName, proof, address, cookies }: Login,
): Promise<ProvenUser> {
  const name = loginName.toLowerCase()
  const user = (await deps.directory.get(accountId)).byLogin.get(name)
  const device = user && knownDevice(deps, accountId, user.userId, cookies)
  using attempt = await deps.loginLimit.open({
    accountId,
    name,
    user,
    address,
    device,
    isRandom: !('password' in proof),
  })
  attempt.check()
  const { isProven, key, passwordHash } =
    'password' in proof ? await checkPassword(proof.password) : await findKey(proof)
  if (!isProven || !user?.enabled) {
    attempt.failed(isProven && user ? 'disabled user' : 'wrong credentials')
    throw wrongCredentials()
  }
  requireActive(deps.store, accountId)
  if (key) {
    try {
      requireMayLogIn(key, user)
    } catch (error) {
      attempt.refused('key without the right')
      throw error
    }
    return { user, key, passwordHash }
  }
  return {
    user,
    key,
    passwordHash,
    deviceCookie: deviceCookie(deps, accountId, user.userId, cookies),
  }

  async function checkPassword(password: string) {
    const kept = user && (await findPasswordHash(deps.store.db, accountId, user.userId))
    const isCorrect = await deps.passwords.isCorrect(password, kept, {
      urgency: device === undefined ? 'unknown' : 'trusted',
      from: addressGroup(address),
      // Others may have failed while this one waited.
      begin: attempt.begin,
    })
    return { isProven: isCorrect, key: undefined, passwordHash: kept ?? undefined }
  }

  async function findKey(values: KeyProof) {
    const found = await deps.credentials.loginKeys.find(accountId, values)
    return { isProven: found !== undefined, key: found, passwordHash: undefined }
  }
}

/** A log-in on a page, for an application. */
interface LogInForApplication {
  clientId: string
  /** The caller's. */
  address: string
}

/**
 * To be called once it is stored what a log-in leaves: a change of the user was made before, or finds it and ends it. Notes the log-in.
 * @throws `unauthorized` when the user has got another password since then, or was disabled
 */
export async function confirmLogIn(
  { audit, store }: AccountsDeps,
  accountId: string,
  proven: ProvenUser,
  { clientId, address }: LogInForApplication,
): Promise<void> {
  const { loginName, userId } = proven.user
  await store.transaction(async (tx) => {
    await requireStillProven(tx, accountId, proven)
    await audit.recordRepeated(tx, accountId, {
      actor: loginName,
      action: 'session.opened',
      object: `user:${userId}`,
      address,
      details: { loginName, application: clientId },
    })
  })
}

/**
 * Passwords are checked slowly: the user may have got another one meanwhile, or was disabled. As part of a transaction, after which
 * such a change finds what the log-in has left, and ends it.
 * @throws `unauthorized`
 */
async function requireStillProven(
  tx: Db,
  accountId: string,
  { user, passwordHash }: Pick<ProvenUser, 'user' | 'passwordHash'>,
): Promise<void> {
  const now = await holdLogin(tx, accountId, user.userId)
  const isSame = passwordHash === undefined || now?.passwordHash === passwordHash
  if (now?.enabled && isSame) return
  throw wrongCredentials()
}

async function openSession(
  deps: AccountsDeps,
  accountId: string,
  proven: ProvenUser,
  address: string,
): Promise<OpenedSession> {
  const { user, key } = proven
  const { identity } = await deps.settings.get(accountId)
  const [bearer, csrf, sessionId] = [deps.ids.token(32), deps.ids.token(24), deps.ids.token(32)]
  const now = deps.wallClock.now()
  const expiresAt = now + identity.sessionMs
  const tooMany = await deps.store.transaction(async (tx) => {
    await requireStillProven(tx, accountId, proven)
    await deleteExpiredSessions(tx, accountId, user.userId, new Date(now))
    await insertSession(tx, {
      accountId,
      bearerHash: hashToken(bearer),
      cookieHash: hashToken(sessionId),
      csrfHash: hashToken(csrf),
      userId: user.userId,
      createdAt: new Date(now),
      expiresAt: new Date(expiresAt),
      loginKey: key?.id ?? null,
    })
    await deps.audit.recordRepeated(tx, accountId, {
      actor: key?.name ?? user.loginName,
      action: 'session.opened',
      object: `user:${user.userId}`,
      address,
      details: { loginName: user.loginName },
    })
    return deleteOldestSessions(tx, accountId, user.userId, MAX_SESSIONS)
  })
  if (tooMany) deps.sessionsEnded(accountId)
  return { bearer, csrf, sessionId, expiresAt, user }
}

/**
 * Extends a session. The csrf token stays the same: published agents always send the first one.
 * @throws `unauthorized` when the two do not belong together or the session has ended
 */
export async function refreshSession(
  deps: AccountsDeps,
  accountId: string,
  { sessionId, csrf }: { sessionId: string; csrf: string },
): Promise<{ csrf: string; sessionId: string; expiresAt: number; user: User }> {
  const { bearerHash, userId } = await findLiveSession(deps, accountId, { sessionId, csrf })
  const user = (await deps.directory.get(accountId)).users.get(userId)
  if (!user?.enabled) throw sessionEnded()
  const { identity } = await deps.settings.get(accountId)
  const expiresAt = deps.wallClock.now() + identity.sessionMs
  if (!(await extendSession(deps.store.db, accountId, bearerHash, new Date(expiresAt)))) {
    throw sessionEnded()
  }
  return { csrf, sessionId, expiresAt, user }
}

/** Which of these users are logged in now. */
export async function listLoggedIn(
  { store, wallClock }: AccountsDeps,
  accountId: string,
  userIds: readonly string[],
): Promise<string[]> {
  return await findLoggedIn(store.db, accountId, userIds, new Date(wallClock.now()))
}

export async function logOut(
  deps: AccountsDeps,
  accountId: string,
  {
    address,
    ...proof
  }: ({ bearer: string } | { sessionId: string; csrf: string }) & {
    /** The caller's. */
    address: string
  },
): Promise<void> {
  const bearerHash =
    'bearer' in proof
      ? hashToken(proof.bearer)
      : (await findLiveSession(deps, accountId, proof)).bearerHash
  const { users } = await deps.directory.get(accountId)
  // Before the transaction, which must not wait for another connection.
  const { loginKey } = (await findSession(deps.store.db, accountId, bearerHash)) ?? {}
  const key = loginKey && (await deps.credentials.loginKeys.findOwner(accountId, loginKey))
  await deps.store.transaction(async (tx) => {
    const ended = await deleteSession(tx, accountId, bearerHash)
    if (!ended) return
    const { userId } = ended
    await deps.audit.recordRepeated(tx, accountId, {
      actor: users.get(userId)?.loginName ?? userId,
      action: 'session.closed',
      object: `user:${userId}`,
      address,
      via: key ? key.name : null,
    })
  })
  deps.sessionsEnded(accountId)
}

async function findLiveSession(
  deps: AccountsDeps,
  accountId: string,
  { sessionId, csrf }: { sessionId: string; csrf: string },
) {
  const session = await findSessionByCookie(deps.store.db, accountId, hashToken(sessionId))
  if (!session || !(await isLive(deps, accountId, session))) throw sessionEnded()
  if (!timingSafeEqual(Buffer.from(session.csrfHash), Buffer.from(hashToken(csrf))))
    throw sessionEnded()
  requireActive(deps.store, accountId)
  return session
}

function wrongCredentials(): ParleyError {
  return new ParleyError('unauthorized', 'The login name or its credentials are wrong')
}

function sessionEnded(): ParleyError {
  return new ParleyError('unauthorized', 'The session has ended or does not exist')
}
