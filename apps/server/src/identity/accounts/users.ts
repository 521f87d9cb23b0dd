import {
  DEFAULT_PROFILES,
  type Profile,
  PROFILES_OF_ROLE,
  type User,
  type UserChange,
  type UserDraft,
  type UserRole,
} from '@parley/contract'
import {
  type Actor,
  change,
  hashPassword,
  lockAccount,
  recordAudit,
  refusing,
} from '#identity/credentials'
import { ParleyError } from '#base/kernel'
import type { Db } from '#base/store'
import {
  deleteUserRow,
  insertUser,
  replaceUserSkills,
  takeId,
  updateUser,
} from './directory-repository.ts'
import type { AccountsRoom } from './room.ts'
import { deleteSessionsOfUser } from './sessions-repository.ts'

const DEFAULT_SLOTS = 10

/** By user id or by pid. */
export async function findUser(
  room: AccountsRoom,
  accountId: string,
  id: string,
): Promise<User | undefined> {
  const { users, byPid } = await room.directory.get(accountId)
  return users.get(id) ?? byPid.get(id)
}

export async function getUser(room: AccountsRoom, accountId: string, id: string): Promise<User> {
  const user = await findUser(room, accountId, id)
  if (!user) throw new ParleyError('not_found', `There is no user "${id}"`)
  return user
}

export async function createUser(
  room: AccountsRoom,
  accountId: string,
  actor: Actor,
  draft: UserDraft,
): Promise<User> {
  const passwordHash = draft.password === undefined ? null : await hashPassword(draft.password)
  const userId = await change(room, room.directory, accountId, async (tx) => {
    const id = await takeId(tx, accountId, 'nextUserId')
    await addUser(room, tx, accountId, { ...draft, userId: id, passwordHash })
    const details = { loginName: draft.loginName, role: draft.role ?? 'agent' }
    await recordAudit(room, tx, accountId, {
      actor,
      action: 'user.created',
      object: `user:${id}`,
      details,
    })
    return id
  })
  return getUser(room, accountId, userId)
}

/** Inserts a user with the defaults of its role. */
export async function addUser(
  room: Pick<AccountsRoom, 'clock' | 'ids'>,
  tx: Db,
  accountId: string,
  draft: UserDraft & { userId: string; passwordHash: string | null },
): Promise<void> {
  const { userId, loginName, role = 'agent', skillIds = [], passwordHash } = draft
  const profiles = draft.profiles ?? DEFAULT_PROFILES[role]
  checkProfiles(role, profiles)
  const now = new Date(room.clock.now())
  const row = {
    accountId,
    userId,
    pid: room.ids.uuid(),
    loginName,
    nickname: draft.nickname ?? loginName,
    fullName: draft.fullName ?? draft.nickname ?? loginName,
    email: draft.email ?? null,
    kind: draft.kind ?? 'human',
    role,
    profiles: [...new Set(profiles)],
    maxSlots: draft.maxSlots ?? DEFAULT_SLOTS,
    enabled: draft.enabled ?? true,
    passwordHash,
    createdAt: now,
    updatedAt: now,
  }
  await refusing({ taken: `The login name "${loginName}" is taken` }, insertUser(tx, row))
  await setSkills(tx, accountId, userId, skillIds)
}

export async function changeUser(
  room: AccountsRoom,
  accountId: string,
  actor: Actor,
  userId: string,
  { password, skillIds, ...wanted }: UserChange,
): Promise<User> {
  const before = (await room.directory.get(accountId)).users.get(userId)
  if (!before) throw new ParleyError('not_found', `There is no user "${userId}"`)
  const fields = Object.fromEntries(
    Object.entries(wanted).filter(([, value]) => value !== undefined),
  )
  const role = wanted.role ?? before.role
  checkProfiles(role, wanted.profiles ?? before.profiles)
  const passwordHash = password === undefined ? undefined : await hashPassword(password)
  const endsSessions = password !== undefined || wanted.enabled === false || role !== before.role

  await change(room, room.directory, accountId, async (tx) => {
    const row = {
      ...fields,
      ...(passwordHash !== undefined && { passwordHash }),
      updatedAt: new Date(room.clock.now()),
    }
    await refusing(
      { taken: `The login name "${wanted.loginName}" is taken` },
      updateUser(tx, accountId, userId, row),
    )
    if (skillIds) await setSkills(tx, accountId, userId, skillIds)
    await keepAnAdministrator(tx, accountId)
    if (endsSessions) await deleteSessionsOfUser(tx, accountId, userId)
    const details = {
      ...fields,
      ...(skillIds && { skillIds }),
      ...(password && { password: 'changed' }),
    }
    await recordAudit(room, tx, accountId, {
      actor,
      action: 'user.changed',
      object: `user:${userId}`,
      details,
    })
  })
  if (endsSessions) room.sessionsEnded(accountId)
  return getUser(room, accountId, userId)
}

export async function deleteUser(
  room: AccountsRoom,
  accountId: string,
  actor: Actor,
  userId: string,
): Promise<void> {
  await change(room, room.directory, accountId, async (tx) => {
    if (!(await deleteUserRow(tx, accountId, userId))) {
      throw new ParleyError('not_found', `There is no user "${userId}"`)
    }
    await keepAnAdministrator(tx, accountId)
    await recordAudit(room, tx, accountId, {
      actor,
      action: 'user.deleted',
      object: `user:${userId}`,
    })
  })
  room.sessionsEnded(accountId)
}

async function setSkills(tx: Db, accountId: string, userId: string, skillIds: readonly string[]) {
  await refusing(
    { missing: `body.skillIds: there is no such skill among ${skillIds.join(', ')}` },
    replaceUserSkills(tx, accountId, userId, skillIds),
  )
}

function checkProfiles(role: UserRole, profiles: readonly Profile[]): void {
  const refused = profiles.filter((profile) => !PROFILES_OF_ROLE[role].includes(profile))
  if (refused.length === 0) return
  throw new ParleyError(
    'invalid_request',
    `body.profiles: a user of the role ${role} cannot have ${refused.join(', ')}`,
  )
}

async function keepAnAdministrator(tx: Db, accountId: string): Promise<void> {
  // Two changes at once could each leave the other's administrator: the account's row makes them queue.
  await lockAccount(tx, accountId)
  const left = await tx
    .selectFrom('accountUser')
    .select('userId')
    .where('accountId', '=', accountId)
    .where('role', '=', 'administrator')
    .where('enabled', '=', true)
    .limit(1)
    .execute()
  if (left.length === 0) {
    throw new ParleyError('conflict', 'The account needs an administrator who can log in')
  }
}
