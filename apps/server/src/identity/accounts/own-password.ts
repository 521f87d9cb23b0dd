import { addressGroup } from '#base/bounds'
import type { Principal } from '#base/http'
import { ParleyError } from '#base/kernel'
import type { AccountsDeps } from './deps.ts'
import { findPasswordHash, updateUser } from './directory-repository.ts'
import { endSessions, hashToken } from './live-session.ts'

export interface OwnPasswordChange {
  user: Pick<Principal, 'id' | 'name'>
  currentPassword: string
  newPassword: string
  address: string
  /** Of the session that goes on; all others of the user end. */
  bearer: string
}

/** @throws `forbidden` when the current password is wrong, `rate_limited` after too many tries, `conflict` when it was changed meanwhile */
export async function changeOwnPassword(
  deps: AccountsDeps,
  accountId: string,
  { user, currentPassword, newPassword, address, bearer }: OwnPasswordChange,
): Promise<void> {
  const userId = user.id
  const device = `password of ${userId}`
  using attempt = await deps.loginLimit.open({
    accountId,
    name: user.name,
    user: { userId, loginName: user.name },
    address,
    device,
  })
  const kept = await findPasswordHash(deps.store.db, accountId, userId)
  const isCorrect = await deps.passwords.isCorrect(currentPassword, kept, {
    urgency: 'trusted',
    from: addressGroup(address),
    begin: attempt.begin,
  })
  if (!isCorrect || !kept) {
    attempt.failed()
    throw new ParleyError('forbidden', 'body.currentPassword: is wrong')
  }
  const passwordHash = await deps.passwords.hash(newPassword)
  await deps.directory.change(accountId, async (tx) => {
    const change = { passwordHash, updatedAt: new Date(deps.clock.now()) }
    // An administrator may have set another one since it was read.
    if (!(await updateUser(tx, accountId, userId, change, { passwordHash: kept }))) {
      throw new ParleyError('conflict', 'The password was changed meanwhile')
    }
    await endSessions(deps, tx, accountId, userId, { but: hashToken(bearer) })
    await deps.audit.record(tx, accountId, {
      actor: user.name,
      action: 'user.changed',
      object: `user:${userId}`,
      details: { password: 'changed by its user' },
    })
  })
  deps.sessionsEnded(accountId)
}
