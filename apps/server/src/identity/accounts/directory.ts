import {
  formerSkillId,
  type Permission,
  type Profile,
  PROFILE_PERMISSIONS,
  ROLE_PERMISSIONS,
  type Skill,
  type User,
  type UserRole,
} from '@parley/contract'
import type { PerAccount } from '#base/kit'
import { invalid, ParleyError } from '#base/kernel'
import { type Base, type Db, requireKnown } from '#base/store'
import {
  findAccount,
  holdSkills,
  type ReadUsers,
  selectChangedUsers,
  selectSkills,
  selectUsers,
} from './directory-repository.ts'

/** All users and skills of an account, as one snapshot. */
export interface Directory {
  /** `undefined` when there is no such account. */
  readonly createdAt: number | undefined
  /** Which changes of users it has, as PostgreSQL writes that. */
  readonly snapshot: string
  readonly users: ReadonlyMap<string, User>
  readonly byPid: ReadonlyMap<string, User>
  /** By lower-case login name. */
  readonly byLogin: ReadonlyMap<string, User>
  readonly skills: ReadonlyMap<string, Skill>
  /** Ids of the users that have a skill. */
  holdersOf(skillId: string): readonly string[]
  permissionsOf(userId: string): ReadonlySet<Permission>
}

/** @param before what this node knew: then it reads only the users that have changed since */
export async function readDirectory(
  db: Db,
  accountId: string,
  before: Directory | undefined,
): Promise<Directory> {
  const [account, users, skills] = await Promise.all([
    findAccount(db, accountId),
    readUsers(db, accountId, before),
    selectSkills(db, accountId),
  ])
  return {
    ...users,
    createdAt: account?.createdAt.getTime(),
    skills: new Map(skills.map((skill) => [skill.skillId, skill])),
  }
}

type KnownUsers = Omit<Directory, 'createdAt' | 'skills'>

async function readUsers(
  db: Db,
  accountId: string,
  before: Directory | undefined,
): Promise<KnownUsers> {
  const changed = before && (await selectChangedUsers(db, accountId, before.snapshot))
  return changed ? withUsers(before, changed) : withUsers(NOBODY, await selectUsers(db, accountId))
}

const NOBODY: KnownUsers = {
  snapshot: '',
  users: new Map(),
  byPid: new Map(),
  byLogin: new Map(),
  holdersOf: () => [],
  permissionsOf: () => new Set(),
}

function withUsers(before: KnownUsers, { snapshot, users: changed }: ReadUsers): KnownUsers {
  if (changed.length === 0) return { ...before, snapshot }
  const [users, byPid, byLogin] = [
    new Map(before.users),
    new Map(before.byPid),
    new Map(before.byLogin),
  ]
  for (const { userId } of changed) {
    const { loginName = '' } = before.users.get(userId) ?? {}
    byLogin.delete(loginName.toLowerCase())
  }
  for (const user of changed) {
    users.set(user.userId, user)
    byPid.set(user.pid, user)
    byLogin.set(user.loginName.toLowerCase(), user)
  }
  const holdersOf = holdersIn(users)
  return { snapshot, users, byPid, byLogin, holdersOf, permissionsOf: rightsOf(users) }
}

/** Made when it is asked for first. */
function holdersIn(users: ReadonlyMap<string, User>): Directory['holdersOf'] {
  let bySkill: Map<string, string[]> | undefined
  return (skillId) => {
    bySkill ??= indexHolders(users)
    return bySkill.get(skillId) ?? []
  }
}

function indexHolders(users: ReadonlyMap<string, User>): Map<string, string[]> {
  const bySkill = new Map<string, string[]>()
  for (const { userId, skillIds } of users.values()) {
    for (const skillId of skillIds) {
      const holders = bySkill.get(skillId)
      if (holders) holders.push(userId)
      else bySkill.set(skillId, [userId])
    }
  }
  return bySkill
}

/** Of each user when it is asked for first: a change of one user makes no rights of thousands. */
function rightsOf(users: ReadonlyMap<string, User>): Directory['permissionsOf'] {
  const known = new WeakMap<User, ReadonlySet<Permission>>()
  return (userId) => {
    const user = users.get(userId)
    if (!user) return new Set()
    const rights = known.get(user) ?? permissionsOf(user)
    known.set(user, rights)
    return rights
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

/** By user id, `<account>.<user id>` or pid, of those who may log in and handle conversations: nobody else is offered one. */
export async function findAgent(
  { directory }: { directory: PerAccount<Directory> },
  accountId: string,
  id: string,
): Promise<User | undefined> {
  const { users, byPid, permissionsOf } = await directory.get(accountId)
  const before = `${accountId}.`
  const userId = id.startsWith(before) ? id.slice(before.length) : id
  const user = users.get(userId) ?? byPid.get(id)
  return user && isAgent(user, permissionsOf(user.userId)) ? user : undefined
}

/** Whether `findAgent` would find a user if this node had heard of all changes: asks the database. */
export async function isAgentNow(
  { store }: Pick<Base, 'store'>,
  accountId: string,
  userId: string,
): Promise<boolean> {
  const rights = await store.db
    .selectFrom('accountUser')
    .select(['enabled', 'role', 'profiles', 'keptPermissions'])
    .where('accountId', '=', accountId)
    .where('userId', '=', userId)
    .executeTakeFirst()
  return rights !== undefined && isAgent(rights, permissionsOf(rights))
}

/** All of those whom `findAgent` finds. */
export async function listAgents(
  { directory }: { directory: PerAccount<Directory> },
  accountId: string,
): Promise<User[]> {
  const { users, permissionsOf } = await directory.get(accountId)
  return [...users.values()].filter((user) => isAgent(user, permissionsOf(user.userId)))
}

/** Whether a user may log in and handle conversations. */
export function isAgent(
  { enabled }: Pick<User, 'enabled'>,
  permissions: ReadonlySet<Permission>,
): boolean {
  return enabled && permissions.has('conversation:handle')
}

/** Ids of the users that have a skill. */
export async function holdersOf(
  { directory }: { directory: PerAccount<Directory> },
  accountId: string,
  skillId: string,
): Promise<readonly string[]> {
  return (await directory.get(accountId)).holdersOf(skillId)
}

/** The skill that a member of a request names. @throws `invalid_request` when the account has none of this id */
export async function getNamed(
  { directory }: { directory: PerAccount<Directory> },
  accountId: string,
  path: string,
  skillId: string,
): Promise<Skill> {
  const skill = (await directory.get(accountId)).skills.get(skillId)
  if (!skill) throw noSkill(path, skillId)
  return skill
}

export function noSkill(path: string, skillId: string): ParleyError {
  const former = formerSkillId(skillId)
  const message =
    former === undefined ? `No skill "${skillId}"` : `No skill "${former}": it was deleted`
  return invalid(path, message)
}

/** A skill as it is stored, for what is then written about it in this transaction. @throws `not_found` */
export async function holdSkill(tx: Db, accountId: string, skillId: string) {
  const stored = (await holdSkills(tx, accountId)).get(skillId)
  if (!stored) throw new ParleyError('not_found', `No skill "${skillId}"`)
  return stored
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
