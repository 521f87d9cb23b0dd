import { createHash, timingSafeEqual } from 'node:crypto'
import { ROLE_PERMISSIONS, type User } from '@parley/contract'
import { findLoginKey, hasLoginKey, isPassword, type KnownLoginKey } from '#identity/credentials'
import { ParleyError } from '#base/kernel'
import { findPasswordHash } from './directory-repository.ts'
import type { LoginLimit } from './login-limit.ts'
import type { AccountsRoom } from './room.ts'
import {
  deleteExpiredSessions,
  deleteSession,
  extendSession,
  findSessionByCookie,
  insertSession,
} from './sessions-repository.ts'

/** What a client proves itself by. */
export type LoginProof =
  | { password: string }
  | { appKey: string; secret: string; accessToken?: string; accessTokenSecret?: string }

export interface OpenedSession {
  /** Opaque and safe in the path of a URL. */
  bearer: string
  csrf: string
  /** What goes into the cookie `session_id`. */
  sessionId: string
  expiresAt: number
  user: User
}

export interface Login {
  loginName: string
  proof: LoginProof
  /** The caller's address, for the limit of failed attempts. */
  address: string
}

export async function logIn(
  room: AccountsRoom,
  limit: LoginLimit,
  accountId: string,
  { loginName, proof, address }: Login,
): Promise<OpenedSession> {
  const name = loginName.toLowerCase()
  const attempt = limit.attempt(`${accountId} ${name} ${address}`)
  const user = (await room.directory.get(accountId)).byLogin.get(name)
  const key = 'password' in proof ? undefined : await findLoginKey(room, accountId, proof)
  const proven =
    'password' in proof
      ? await isPassword(
          proof.password,
          user && (await findPasswordHash(room.store.db, accountId, user.userId)),
        )
      : key !== undefined
  if (!proven || !user?.enabled) {
    throw new ParleyError('unauthorized', 'The login name or its credentials are wrong')
  }
  if (key) await refuseMoreThan(key, room, accountId, user)
  attempt.succeeded()
  return openSession(room, accountId, user, key)
}

/** A key logs in whoever may do what agents and their managers do, and beyond that what the key may do itself. */
async function refuseMoreThan(
  key: KnownLoginKey,
  { directory }: AccountsRoom,
  accountId: string,
  { userId, loginName }: User,
): Promise<void> {
  const permissions = (await directory.get(accountId)).permissionsOf(userId)
  const lacking = permissions
    .difference(new Set(ROLE_PERMISSIONS['agent-manager']))
    .difference(key.permissions)
  if (lacking.size === 0) return
  throw new ParleyError(
    'forbidden',
    `The key cannot log "${loginName}" in: it lacks ${[...lacking].join(', ')}`,
  )
}

async function openSession(
  room: AccountsRoom,
  accountId: string,
  user: User,
  key: KnownLoginKey | undefined,
): Promise<OpenedSession> {
  const { identity } = await room.settings.get(accountId)
  const [bearer, csrf, sessionId] = [room.ids.token(32), room.ids.token(24), room.ids.token(32)]
  const now = room.clock.now()
  const expiresAt = now + identity.sessionMs
  await room.store.transaction(async (tx) => {
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
  })
  return { bearer, csrf, sessionId, expiresAt, user }
}

/**
 * Lets a session live on. The csrf token stays the same: published agents send the first one for ever.
 * @throws `unauthorized` when the two do not belong together or the session has ended
 */
export async function refreshSession(
  room: AccountsRoom,
  accountId: string,
  { sessionId, csrf }: { sessionId: string; csrf: string },
): Promise<{ csrf: string; sessionId: string; expiresAt: number; user: User }> {
  const { bearerHash, userId } = await findLiveSession(room, accountId, { sessionId, csrf })
  const user = (await room.directory.get(accountId)).users.get(userId)
  if (!user?.enabled) throw sessionEnded()
  const { identity } = await room.settings.get(accountId)
  const expiresAt = room.clock.now() + identity.sessionMs
  await extendSession(room.store.db, accountId, bearerHash, new Date(expiresAt))
  return { csrf, sessionId, expiresAt, user }
}

export async function logOut(
  room: AccountsRoom,
  accountId: string,
  proof: { bearer: string } | { sessionId: string; csrf: string },
): Promise<void> {
  const bearerHash =
    'bearer' in proof
      ? hashToken(proof.bearer)
      : (await findLiveSession(room, accountId, proof)).bearerHash
  await deleteSession(room.store.db, accountId, bearerHash)
  room.sessionsEnded(accountId)
}

async function findLiveSession(
  room: AccountsRoom,
  accountId: string,
  { sessionId, csrf }: { sessionId: string; csrf: string },
) {
  const session = await findSessionByCookie(room.store.db, accountId, hashToken(sessionId))
  if (!session || !(await isLive(room, accountId, session))) throw sessionEnded()
  if (!timingSafeEqual(Buffer.from(session.csrfHash), Buffer.from(hashToken(csrf))))
    throw sessionEnded()
  return session
}

export async function isLive(
  room: AccountsRoom,
  accountId: string,
  { expiresAt, loginKey }: { expiresAt: Date; loginKey: string | null },
): Promise<boolean> {
  if (expiresAt.getTime() <= room.clock.now()) return false
  return loginKey === null || (await hasLoginKey(room, accountId, loginKey))
}

function sessionEnded(): ParleyError {
  return new ParleyError('unauthorized', 'The session has ended or does not exist')
}

/** The tokens are random and long, so a plain hash is enough to keep them out of the database. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}
