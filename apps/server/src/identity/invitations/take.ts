import type { User } from '@parley/contract'
import { tellChange } from '#base/changes'
import { ParleyError } from '#base/kernel'
import { requireActive } from '#base/store'
import type { InvitationsDeps } from './deps.ts'
import { hashOf } from './invite.ts'
import { findInvitation, takeInvitation } from './repository.ts'

/** What somebody brings who says to be invited. */
interface Bearer {
  token: string
  /** The caller's, for the limit of failed attempts. */
  address: string
}

/** @throws `not_found` for one that was used, has ended or never was; `rate_limited` after too many of these */
export async function read(
  deps: InvitationsDeps,
  accountId: string,
  bearer: Bearer,
): Promise<{ loginName: string; nickname: string; accountName: string; expiresAt: string }> {
  const { user, expiresAt } = await find(deps, accountId, bearer)
  const { accountName } = await deps.settings.get(accountId)
  const { loginName, nickname } = user
  return { loginName, nickname, accountName, expiresAt: expiresAt.toISOString() }
}

/** Throws as `read` does. */
export async function take(
  deps: InvitationsDeps,
  accountId: string,
  { token, password, address }: Bearer & { password: string },
): Promise<{ loginName: string }> {
  const { user } = await find(deps, accountId, { token, address })
  const { userId, loginName } = user
  await deps.accounts.users.change(accountId, loginName, userId, { password }, async (tx) => {
    const now = new Date(deps.wallClock.now())
    // Two may have it open: the row goes to one of them.
    if (!(await takeInvitation(tx, accountId, hashOf(token), now))) throw notThere()
    await deps.audit.recordRepeated(tx, accountId, {
      actor: loginName,
      action: 'user.invitation-taken',
      object: `user:${userId}`,
      address,
      details: { loginName },
    })
  })
  tellChange(deps.store, accountId, { topic: 'users', id: userId })
  return { loginName }
}

async function find(
  { store, wallClock, accounts }: InvitationsDeps,
  accountId: string,
  { token, address }: Bearer,
): Promise<{ user: User; expiresAt: Date }> {
  using attempt = await accounts.openAttempt({
    accountId,
    name: 'invitation',
    address,
    isRandom: true,
  })
  attempt.check()
  const now = new Date(wallClock.now())
  const found = await findInvitation(store.db, accountId, hashOf(token), now)
  const user = found && (await accounts.users.find(accountId, found.userId))
  if (found && user?.enabled) {
    requireActive(store, accountId)
    return { user, expiresAt: found.expiresAt }
  }
  attempt.failed()
  throw notThere()
}

function notThere(): ParleyError {
  return new ParleyError('not_found', 'The invitation was used, has ended, or never was')
}
