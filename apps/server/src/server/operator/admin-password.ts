import type { setAdminPassword, User } from '@parley/contract'
import type * as z from 'zod'
import { ParleyError } from '#base/kernel'
import type { OperatorDeps } from './deps.ts'
import { noteOutside } from './entries.ts'
import { get } from './make.ts'
import { OPERATOR } from './operator-key.ts'

/** Of many administrators, so many are named. */
const MAX_NAMED = 10

/**
 * The way back where nobody can sign in any more who could give out a password: administrators only, since these give the others
 * theirs.
 * @throws `not_found`, `conflict` where it is not clear whose, or the user is no enabled administrator
 */
export async function setPassword(
  deps: OperatorDeps,
  accountId: string,
  body: z.output<(typeof setAdminPassword)['body']>,
): Promise<z.input<(typeof setAdminPassword)['reply']>> {
  const { accounts, ids } = deps
  await get(deps, accountId)
  const { userId, loginName } = chosen(await accounts.users.list(accountId), body.loginName)
  const password = body.password ?? ids.token(12)
  await accounts.users.change(accountId, OPERATOR, userId, { password }, (tx) =>
    noteOutside(deps, tx, accountId, {
      action: 'account.admin-password-set',
      details: { administrator: loginName },
    }),
  )
  return { admin: { user: loginName, password } }
}

function chosen(users: readonly User[], loginName: string | undefined): User {
  const admins = users.filter(({ role, enabled }) => role === 'administrator' && enabled)
  const wanted = loginName?.toLowerCase()
  const found = admins.filter((user) => wanted === undefined || isNamed(user, wanted))
  const [admin] = found
  if (admin && found.length === 1) return admin
  const named = admins.slice(0, MAX_NAMED).map((user) => user.loginName)
  const names = `${named.join(', ')}${admins.length > MAX_NAMED ? ', …' : ''}`
  throw new ParleyError(
    'conflict',
    loginName === undefined
      ? `The account has ${admins.length} administrators: say whose password, of ${names}`
      : `"${loginName}" is no enabled administrator of the account; these are ${names}`,
  )
}

function isNamed(user: User, wanted: string): boolean {
  return user.loginName.toLowerCase() === wanted
}
