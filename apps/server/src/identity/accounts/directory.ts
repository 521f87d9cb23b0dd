import {
  type Permission,
  type Profile,
  PROFILE_PERMISSIONS,
  ROLE_PERMISSIONS,
  type Skill,
  type User,
  type UserRole,
} from '@parley/contract'
import type { PerAccount } from '#base/kit'
import { ParleyError } from '#base/kernel'
import { type Base, type Db, requireKnown } from '#base/store'
import { findAccount, selectSkills, selectUsers } from './directory-repository.ts'

/** All users and skills of an account, as one snapshot. */
export interface Directory {
  /** `undefined` when there is no such account. */
  readonly createdAt: number | undefined
  readonly users: ReadonlyMap<string, User>
  readonly byPid: ReadonlyMap<string, User>
  /** By lower-case login name. */
  readonly byLogin: ReadonlyMap<string, User>
  readonly skills: ReadonlyMap<string, Skill>
  permissionsOf(userId: string): ReadonlySet<Permission>
}

export async function readDirectory(db: Db, accountId: string): Promise<Directory> {
  const [account, users, skills] = await Promise.all([
    findAccount(db, accountId),
    selectUsers(db, accountId),
    selectSkills(db, accountId),
  ])
  const permissions = new Map(users.map((user) => [user.userId, permissionsOf(user)]))
  return {
    createdAt: account?.createdAt.getTime(),
    users: new Map(users.map((user) => [user.userId, user])),
    byPid: new Map(users.map((user) => [user.pid, user])),
    byLogin: new Map(users.map((user) => [user.loginName.toLowerCase(), user])),
    skills: new Map(skills.map((skill) => [skill.skillId, skill])),
    permissionsOf: (userId) => permissions.get(userId) ?? new Set(),
  }
}

/** By name, as far as this node knows them: one of a later version may have stored others, which give no rights here. */
const RIGHTS_OF_ROLES: Partial<Record<string, readonly Permission[]>> = ROLE_PERMISSIONS
const RIGHTS_OF_PROFILES: Partial<Record<string, readonly Permission[]>> = PROFILE_PERMISSIONS

export function permissionsOf(user: {
  role: UserRole
  profiles: readonly Profile[]
  keptPermissions?: readonly Permission[] | undefined
}): ReadonlySet<Permission> {
  return new Set([
    ...(RIGHTS_OF_ROLES[user.role] ?? []),
    ...user.profiles.flatMap((profile) => RIGHTS_OF_PROFILES[profile] ?? []),
    ...(user.keptPermissions ?? []),
  ])
}

/** @throws `not_found` for an id that is no account */
export async function getAccount(
  { directory }: { directory: PerAccount<Directory> },
  accountId: string,
): Promise<{ accountId: string; createdAt: number }> {
  const { createdAt } = await directory.get(accountId)
  if (createdAt !== undefined) return { accountId, createdAt }
  throw new ParleyError('not_found', `There is no account "${accountId}"`)
}

/** By user id or by pid, of those who may log in and handle conversations: nobody else is offered one. */
export async function findAgent(
  { directory }: { directory: PerAccount<Directory> },
  accountId: string,
  id: string,
): Promise<User | undefined> {
  const { users, byPid, permissionsOf } = await directory.get(accountId)
  const user = users.get(id) ?? byPid.get(id)
  return user?.enabled && permissionsOf(user.userId).has('conversation:handle') ? user : undefined
}

/**
 * Runs what finds out who calls. Who fails learns of a suspended account what is said of one that does not exist.
 * @throws `not_found` for an id that is no account
 */
export async function proveCaller<Result>(
  { directory, store }: { directory: PerAccount<Directory> } & Pick<Base, 'store'>,
  accountId: string,
  prove: () => Promise<Result>,
): Promise<Result> {
  await getAccount({ directory }, accountId)
  try {
    return await prove()
  } catch (error) {
    if (error instanceof ParleyError && error.code !== 'account_suspended') {
      requireKnown(store, accountId)
    }
    throw error
  }
}
