import { type Permission, ROLE_PERMISSIONS, type User } from '@parley/contract'
import type { LoginKeyOwner } from '#identity/credentials'
import { ParleyError } from '#base/kernel'
import { permissionsOf } from './directory.ts'

const RIGHT: Permission = 'user:impersonate'

/**
 * A key logs in bots, as published. People it logs in only with a right of its own.
 * @throws ParleyError `forbidden`
 */
export function requireMayLogIn(key: LoginKeyOwner, user: User): void {
  const rights = rightsByKey(key, user)
  const lacking = rights ? permissionsOf(user).difference(rights) : new Set([RIGHT])
  if (lacking.size === 0 || (rights && user.kind === 'human')) return
  throw new ParleyError(
    'forbidden',
    `The key cannot log "${user.loginName}" in: it lacks ${[...lacking].join(', ')}`,
  )
}

/**
 * What a session may do that a key has opened, as both are now: for a person what the person and the key may do; for a bot what
 * the bot may do, as far as agents and their managers or the key may do it. `undefined` when the key may not log the user in.
 */
export function rightsByKey(key: LoginKeyOwner, user: User): Set<Permission> | undefined {
  const own = permissionsOf(user)
  if (user.kind === 'human') {
    return key.permissions.has(RIGHT) ? own.intersection(key.permissions) : undefined
  }
  return own.intersection(new Set([...ROLE_PERMISSIONS['agent-manager'], ...key.permissions]))
}
