import {
  DEFAULT_PROFILES,
  type Profile,
  PROFILES_OF_ROLE,
  type User,
  type UserChange,
  type UserDraft,
  type UserRole,
  USER_ROLES,
} from '@parley/contract'
import type { Actor } from '#identity/audit'
import { lockAccount } from '#base/kit'
import { conflicting, invalid, ParleyError } from '#base/kernel'
import { type Db, mapConstraintErrors } from '#base/store'
import {
  deleteUserRow,
  hasEnabledAdministrator,
  insertUser,
  isNameOfAnother,
  replaceUserSkills,
  takeId,
  updateUser,
} from './directory-repository.ts'
import type { AccountsDeps } from './deps.ts'
import { isAgent, permissionsOf } from './directory.ts'
import { endSessions } from './live-session.ts'
import { deleteInvitation } from './sessions-repository.ts'

const DEFAULT_SLOTS = 10

/** By user id or by pid. */
export async function find(
  deps: AccountsDeps,
  accountId: string,
  id: string,
): Promise<User | undefined> {
  const { users, byPid } = await deps.directory.get(accountId)
  return users.get(id) ?? byPid.get(id)
}

/** By user id or by pid. @throws `not_found` */
export async function get(deps: AccountsDeps, accountId: string, id: string): Promise<User> {
  const user = await find(deps, accountId, id)
  if (!user) throw new ParleyError('not_found', `No user "${id}"`)
  return user
}

/** Those with one of the ids or pids, and with the skill, if these are given; by login name. */
export async function list(
  { directory }: AccountsDeps,
  accountId: string,
  { ids, skillId }: { ids?: readonly string[] | undefined; skillId?: string | undefined } = {},
): Promise<User[]> {
  const { users, byPid } = await directory.get(accountId)
  const named = ids && new Set(ids.flatMap((id) => users.get(id) ?? byPid.get(id) ?? []))
  const found = [...(named ?? users.values())].filter(
    ({ skillIds }) => skillId === undefined || skillIds.includes(skillId),
  )
  return found.sort((a, b) => (a.loginName < b.loginName ? -1 : 1))
}

/** @param also joins the transaction: what must not be without the user, nor the user without it */
export async function create(
  deps: AccountsDeps,
  accountId: string,
  actor: Actor,
  draft: UserDraft,
  also?: (tx: Db, user: { userId: string; pid: string }) => Promise<void>,
): Promise<User> {
  const passwordHash =
    draft.password === undefined ? null : await deps.passwords.hash(draft.password)
  const userId = await deps.directory.change(accountId, async (tx) => {
    const id = await takeId(tx, accountId, 'nextUserId')
    const pid = await add(deps, tx, accountId, { ...draft, userId: id, passwordHash })
    const details = { loginName: draft.loginName, role: draft.role ?? 'agent' }
    await deps.audit.record(tx, accountId, {
      actor,
      action: 'user.created',
      object: `user:${id}`,
      details,
    })
    await also?.(tx, { userId: id, pid })
    return id
  })
  return get(deps, accountId, userId)
}

/** Inserts a user with the defaults of its role, as part of a transaction. Resolves with its pid. */
export async function add(
  deps: AccountsDeps,
  tx: Db,
  accountId: string,
  draft: UserDraft & { userId: string; passwordHash: string | null },
): Promise<string> {
  const { userId, loginName, role = 'agent', skillIds = [], passwordHash } = draft
  const profiles = draft.profiles ?? DEFAULT_PROFILES[role]
  checkProfiles(role, profiles)
  const now = new Date(deps.clock.now())
  const pid = deps.ids.uuid()
  const row = {
    accountId,
    userId,
    pid,
    loginName,
    nickname: draft.nickname ?? loginName,
    fullName: draft.fullName ?? draft.nickname ?? loginName,
    email: draft.email ?? null,
    pictureUrl: draft.pictureUrl ?? null,
    kind: draft.kind ?? 'human',
    role,
    profiles: [...new Set(profiles)],
    maxSlots: draft.maxSlots ?? DEFAULT_SLOTS,
    enabled: draft.enabled ?? true,
    passwordHash,
    createdAt: now,
    updatedAt: now,
  }
  await mapConstraintErrors(insertUser(tx, row), refuseTakenName(loginName))
  await requireOwnName(tx, accountId, userId, loginName)
  await setSkills(tx, accountId, userId, skillIds)
  return pid
}

/** @param also joins the transaction */
export async function change(
  deps: AccountsDeps,
  accountId: string,
  actor: Actor,
  userId: string,
  { password, skillIds, ...wanted }: UserChange,
  also?: (tx: Db) => Promise<void>,
): Promise<User> {
  const before = (await deps.directory.get(accountId)).users.get(userId)
  if (!before) throw new ParleyError('not_found', `No user "${userId}"`)
  const fields = Object.fromEntries(
    Object.entries(wanted).filter(([, value]) => value !== undefined),
  )
  const role = wanted.role ?? before.role
  checkProfiles(role, wanted.profiles ?? before.profiles)
  const changesRights = wanted.role !== undefined || wanted.profiles !== undefined
  const passwordHash = password === undefined ? undefined : await deps.passwords.hash(password)
  const endsSessions = password !== undefined || wanted.enabled === false || role !== before.role

  await deps.directory.change(
    accountId,
    async (tx) => {
      const row = {
        ...fields,
        ...(passwordHash !== undefined && { passwordHash }),
        ...(changesRights && { keptPermissions: [] }),
        updatedAt: new Date(deps.clock.now()),
      }
      const after = await mapConstraintErrors(
        updateUser(tx, accountId, userId, row),
        refuseTakenName(wanted.loginName),
      )
      if (!after) throw new ParleyError('not_found', `No user "${userId}"`)
      // Another change may have set the role meanwhile.
      checkProfiles(after.role, after.profiles)
      if (skillIds) await setSkills(tx, accountId, userId, skillIds)
      await keepAnAdministrator(tx, accountId)
      if (wanted.loginName !== undefined) {
        await requireOwnName(tx, accountId, userId, wanted.loginName)
      }
      if (!isAgent(after, permissionsOf(after))) {
        for (const stop of deps.stopWithUsers) await stop(tx, accountId, userId)
      }
      await also?.(tx)
      if (endsSessions) await endSessions(deps, tx, accountId, userId)
      // Who made the link, and has seen it, may lack what it would now lead to.
      else if (changesRights && !permissionsOf(after).isSubsetOf(permissionsOf(before))) {
        await deleteInvitation(tx, accountId, userId)
      }
      const details = {
        ...fields,
        ...(skillIds && { skillIds }),
        ...(password && { password: 'changed' }),
      }
      await deps.audit.record(tx, accountId, {
        actor,
        action: 'user.changed',
        object: `user:${userId}`,
        details,
      })
    },
    userId,
  )
  if (endsSessions) deps.sessionsEnded(accountId)
  return get(deps, accountId, userId)
}

export async function remove(
  deps: AccountsDeps,
  accountId: string,
  actor: Actor,
  userId: string,
): Promise<void> {
  await deps.directory.change(
    accountId,
    async (tx) => {
      // First: the deletion notes itself in the account's row.
      await lockAccount(tx, accountId)
      if (!(await deleteUserRow(tx, accountId, userId))) {
        throw new ParleyError('not_found', `No user "${userId}"`)
      }
      for (const keep of deps.keepUsers) await keep(tx, accountId, userId)
      await keepAnAdministrator(tx, accountId)
      await deps.audit.record(tx, accountId, {
        actor,
        action: 'user.deleted',
        object: `user:${userId}`,
      })
    },
    userId,
  )
  deps.sessionsEnded(accountId)
}

/** Ends all sessions of a user, and what the user has let applications do. @throws `not_found` */
export async function logOutEverywhere(
  deps: AccountsDeps,
  accountId: string,
  actor: Actor,
  id: string,
): Promise<void> {
  const { userId, loginName } = await get(deps, accountId, id)
  await deps.store.transaction(async (tx) => {
    await endSessions(deps, tx, accountId, userId)
    await deps.audit.record(tx, accountId, {
      actor,
      action: 'user.logged-out',
      object: `user:${userId}`,
      details: { loginName },
    })
  })
  deps.sessionsEnded(accountId)
}

async function setSkills(tx: Db, accountId: string, userId: string, skillIds: readonly string[]) {
  await mapConstraintErrors(replaceUserSkills(tx, accountId, userId, skillIds), {
    user_skill_account_id_skill_id_fkey: (cause) =>
      invalid('body.skillIds', `must name skills of the account: ${skillIds.join(', ')}`, cause),
  })
}

function refuseTakenName(loginName = '') {
  return { account_user_login: (cause: unknown) => takenName(loginName, cause) }
}

/** In a transaction that has locked the account, as all do that give a name. */
async function requireOwnName(tx: Db, accountId: string, userId: string, loginName: string) {
  if (await isNameOfAnother(tx, accountId, userId, loginName)) throw takenName(loginName)
}

function takenName(loginName: string, cause?: unknown): ParleyError {
  return conflicting('body.loginName', `the login name "${loginName}" is taken`, cause)
}

function checkProfiles(role: UserRole, profiles: readonly Profile[]): void {
  const refused = profiles.filter((profile) => !PROFILES_OF_ROLE[role].includes(profile))
  if (refused.length === 0) return
  const can = USER_ROLES.filter((one) =>
    refused.every((profile) => PROFILES_OF_ROLE[one].includes(profile)),
  )
  throw invalid(
    'body.profiles',
    `a user of the role ${role} cannot have ${refused.join(', ')}, but one of ${can.join(', ')}`,
  )
}

async function keepAnAdministrator(tx: Db, accountId: string): Promise<void> {
  // Two changes at once could each leave the other's administrator: the account's row makes them queue.
  await lockAccount(tx, accountId)
  if (!(await hasEnabledAdministrator(tx, accountId))) {
    throw new ParleyError('conflict', 'The account must keep an enabled administrator')
  }
}
