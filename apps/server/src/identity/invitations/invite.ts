import { hash } from 'node:crypto'
import type { Invitation, User } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import type { Actor } from '#identity/audit'
import type { InvitationsDeps } from './deps.ts'
import { deleteInvitationOf, selectInvitations, upsertInvitation } from './repository.ts'

const HOUR_MS = 3_600_000

/** The token is random and long, so a plain hash is enough to keep it out of the database. */
export function hashOf(token: string): string {
  return hash('sha256', token, 'base64url')
}

export async function list(
  { store, wallClock }: InvitationsDeps,
  accountId: string,
): Promise<Invitation[]> {
  const rows = await selectInvitations(store.db, accountId, new Date(wallClock.now()))
  return rows.map(({ userId, createdAt, createdBy, expiresAt }) => ({
    userId,
    createdAt: createdAt.toISOString(),
    createdBy,
    expiresAt: expiresAt.toISOString(),
  }))
}

/**
 * Makes the one invitation of a user; the one before leads nowhere any more.
 * @throws `conflict` for a bot, and for who may not log in
 */
export async function invite(
  { store, wallClock, ids, audit }: InvitationsDeps,
  accountId: string,
  actor: Actor,
  { userId, loginName, kind, enabled }: User,
  { hours }: { hours: number },
): Promise<Invitation & { token: string }> {
  if (kind === 'bot') throw new ParleyError('conflict', `"${loginName}" is a bot: invite people`)
  if (!enabled) throw new ParleyError('conflict', `"${loginName}" is disabled`)
  const token = ids.token(32)
  const now = wallClock.now()
  const row = { createdAt: new Date(now), expiresAt: new Date(now + hours * HOUR_MS) }
  await store.transaction(async (tx) => {
    await upsertInvitation(tx, {
      accountId,
      userId,
      tokenHash: hashOf(token),
      createdBy: actor,
      ...row,
    })
    await audit.record(tx, accountId, {
      actor,
      action: 'user.invited',
      object: `user:${userId}`,
      details: { loginName, hours },
    })
  })
  return {
    userId,
    createdAt: row.createdAt.toISOString(),
    createdBy: actor,
    expiresAt: row.expiresAt.toISOString(),
    token,
  }
}

/** @throws `not_found` when the user has none */
export async function end(
  { store, audit }: InvitationsDeps,
  accountId: string,
  actor: Actor,
  { userId, loginName }: User,
): Promise<void> {
  await store.transaction(async (tx) => {
    if (!(await deleteInvitationOf(tx, accountId, userId))) {
      throw new ParleyError('not_found', `No invitation of user "${userId}"`)
    }
    await audit.record(tx, accountId, {
      actor,
      action: 'user.uninvited',
      object: `user:${userId}`,
      details: { loginName },
    })
  })
}
