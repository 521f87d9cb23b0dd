import type { Skill, User } from '@parley/contract'
import { type Insertable, sql, type Updateable } from 'kysely'
import { lockAccount } from '#base/kit'
import type { Db, Tables } from '#base/store'

export function findAccount(db: Db, accountId: string) {
  return db
    .selectFrom('account')
    .select('createdAt')
    .where('accountId', '=', accountId)
    .executeTakeFirst()
}

export async function listAccountIds(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('account').select('accountId').orderBy('accountId').execute()
  return rows.map(({ accountId }) => accountId)
}

/** The advisory lock of nodes that start together. */
const FIRST_RUN_LOCK = 1_347_572_813

/** Other nodes that start wait until the transaction ends. */
export async function lockFirstRun(tx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(${FIRST_RUN_LOCK})`.execute(tx)
}

export async function hasAccount(db: Db): Promise<boolean> {
  const found = await db.selectFrom('account').select('accountId').limit(1).execute()
  return found.length > 0
}

export async function insertAccount(db: Db, row: Insertable<Tables['account']>): Promise<void> {
  await db.insertInto('account').values(row).execute()
}

type StoredUser = Omit<User, 'email' | 'pictureUrl' | 'keptPermissions'> & {
  email: string | null
  pictureUrl: string | null
  keptPermissions: NonNullable<User['keptPermissions']>
}

/** Users as they stand in one snapshot of the database. */
export interface ReadUsers {
  /** Which changes it has, as PostgreSQL writes that. */
  snapshot: string
  users: User[]
}

/**
 * As one text: a node that starts, or may have missed changes, reads all of them, and to take thousands of rows apart cost this process
 * four times as much. No schema checks it, for the same reason: the columns do.
 */
export async function selectUsers(db: Db, accountId: string): Promise<ReadUsers> {
  const { rows } = await sql<{ snapshot: string; users: string }>`
    select pg_current_snapshot()::text as snapshot, coalesce(json_agg(shown), '[]')::text as users
    from (
      select ${SHOWN}, coalesce(held.ids, '{}') as "skillIds"
      from account_user
      left join (
        select user_id, array_agg(skill_id order by skill_id) as ids
        from user_skill
        where account_id = ${accountId}
        group by user_id
      ) held using (user_id)
      where account_id = ${accountId}
    ) shown`.execute(db)
  return readUsers(rows)
}

/**
 * Those that a snapshot has otherwise, or not at all: triggers note which transaction has changed a user last. `undefined` where a user
 * or a skill was deleted since. A database that was restored from a dump has numbers of transactions that it has not come to: those tell nothing.
 */
export async function selectChangedUsers(
  db: Db,
  accountId: string,
  snapshot: string,
): Promise<ReadUsers | undefined> {
  const since = sql`${snapshot}::pg_snapshot`
  const next = sql`pg_snapshot_xmax(pg_current_snapshot())`
  const { rows } = await sql<{ isPart: boolean; snapshot: string; users: string }>`
    select users_removed_in >= ${next} or pg_visible_in_snapshot(users_removed_in, ${since}) as is_part, pg_current_snapshot()::text as snapshot,
      (
        select coalesce(json_agg(shown), '[]')::text
        from (
          select ${SHOWN}, array(
            select skill_id from user_skill
            where user_skill.account_id = account_user.account_id and user_skill.user_id = account_user.user_id
            order by skill_id
          ) as "skillIds"
          from account_user
          where account_id = ${accountId} and changed_in >= pg_snapshot_xmin(${since})
            and changed_in < ${next} and not pg_visible_in_snapshot(changed_in, ${since})
        ) shown
      ) as users
    from account
    where account_id = ${accountId}`.execute(db)
  return rows[0]?.isPart ? readUsers(rows) : undefined
}

const SHOWN = sql`user_id as "userId", pid, login_name as "loginName", nickname, full_name as "fullName", email,
  picture_url as "pictureUrl", kind, role, profiles, max_slots as "maxSlots", enabled,
  kept_permissions as "keptPermissions", ${instant('created_at')} as "createdAt", ${instant('updated_at')} as "updatedAt"`

function readUsers([row]: readonly { snapshot: string; users: string }[]): ReadUsers {
  if (!row) throw new Error('The database has answered no row')
  return { snapshot: row.snapshot, users: (JSON.parse(row.users) as StoredUser[]).map(userOf) }
}

function instant(column: string) {
  return sql`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}

function userOf({ email, pictureUrl, keptPermissions, ...rest }: StoredUser): User {
  return {
    ...rest,
    ...(email !== null && { email }),
    ...(pictureUrl !== null && { pictureUrl }),
    ...(keptPermissions.length > 0 && { keptPermissions }),
  }
}

export async function insertUser(tx: Db, row: Insertable<Tables['accountUser']>): Promise<void> {
  await tx.insertInto('accountUser').values(row).execute()
}

/** What it has then; `undefined` where the user is gone, or is no longer as told. */
export async function updateUser(
  tx: Db,
  accountId: string,
  userId: string,
  row: Updateable<Tables['accountUser']>,
  former: { passwordHash?: string } = {},
) {
  return await tx
    .updateTable('accountUser')
    .set(row)
    .where('accountId', '=', accountId)
    .where('userId', '=', userId)
    .where((where) => where.and(former))
    .returning(['role', 'profiles', 'enabled', 'keptPermissions'])
    .executeTakeFirst()
}

export async function deleteUserRow(tx: Db, accountId: string, userId: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('accountUser')
    .where('accountId', '=', accountId)
    .where('userId', '=', userId)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/**
 * Whether another user has a login name that the directory takes for the same. Of names in ASCII the database knows that itself; of others
 * its small letters may be other ones: of İ, or of a Σ at the end of a word.
 */
export async function isNameOfAnother(
  tx: Db,
  accountId: string,
  userId: string,
  loginName: string,
): Promise<boolean> {
  const wide = await tx
    .selectFrom('accountUser')
    .select('loginName')
    .where('accountId', '=', accountId)
    .where('userId', '!=', userId)
    .where(sql<boolean>`login_name ~ '[^ -~]'`)
    .execute()
  const name = loginName.toLowerCase()
  return wide.some((other) => other.loginName.toLowerCase() === name)
}

/** One who can log in as such: a bot without a password is logged in by a key, and then has the rights of the key. */
export async function hasEnabledAdministrator(tx: Db, accountId: string): Promise<boolean> {
  const found = await tx
    .selectFrom('accountUser')
    .select('userId')
    .where('accountId', '=', accountId)
    .where('role', '=', 'administrator')
    .where('enabled', '=', true)
    .where((user) => user.or([user('kind', '=', 'human'), user('passwordHash', 'is not', null)]))
    .limit(1)
    .execute()
  return found.length > 0
}

export async function findPasswordHash(db: Db, accountId: string, userId: string) {
  const row = await db
    .selectFrom('accountUser')
    .select('passwordHash')
    .where('accountId', '=', accountId)
    .where('userId', '=', userId)
    .executeTakeFirst()
  return row?.passwordHash
}

/** What a log-in depends on, held until the transaction ends: a change of the user waits, or was made before. */
export function holdLogin(tx: Db, accountId: string, userId: string) {
  return tx
    .selectFrom('accountUser')
    .select(['passwordHash', 'enabled'])
    .where('accountId', '=', accountId)
    .where('userId', '=', userId)
    .forShare()
    .executeTakeFirst()
}

export async function replaceUserSkills(
  tx: Db,
  accountId: string,
  userId: string,
  skillIds: readonly string[],
): Promise<void> {
  await tx
    .deleteFrom('userSkill')
    .where('accountId', '=', accountId)
    .where('userId', '=', userId)
    .execute()
  if (skillIds.length === 0) return
  await tx
    .insertInto('userSkill')
    .values([...new Set(skillIds)].map((skillId) => ({ accountId, userId, skillId })))
    .execute()
}

/** The next free id. Locks the account until the transaction ends, so that two calls never get the same. */
export async function takeId(
  tx: Db,
  accountId: string,
  kind: 'nextUserId' | 'nextSkillId',
): Promise<string> {
  const row = await tx
    .updateTable('account')
    .set((eb) => ({ [kind]: eb(kind, '+', 1) }))
    .where('accountId', '=', accountId)
    .returning(kind)
    .executeTakeFirstOrThrow()
  return String(row[kind] - 1)
}

export async function selectSkills(db: Db, accountId: string): Promise<Skill[]> {
  const rows = await db
    .selectFrom('skill')
    .selectAll()
    .where('accountId', '=', accountId)
    .orderBy('name')
    .execute()
  return rows.map(({ skillId, name, description, createdAt }) => ({
    skillId,
    name,
    description,
    createdAt: createdAt.toISOString(),
  }))
}

export async function insertSkill(tx: Db, row: Insertable<Tables['skill']>): Promise<void> {
  await tx.insertInto('skill').values(row).execute()
}

export async function updateSkill(
  tx: Db,
  accountId: string,
  skillId: string,
  row: Updateable<Tables['skill']>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('skill')
    .set(row)
    .where('accountId', '=', accountId)
    .where('skillId', '=', skillId)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** The account's skills by their ids: none of them is changed or deleted before the transaction ends. */
export async function holdSkills(tx: Db, accountId: string) {
  await lockAccount(tx, accountId)
  return new Map((await selectSkills(tx, accountId)).map((skill) => [skill.skillId, skill]))
}

export async function deleteSkillRow(tx: Db, accountId: string, skillId: string): Promise<boolean> {
  await tx
    .deleteFrom('workCalendar')
    .where('accountId', '=', accountId)
    .where('owner', '=', skillId)
    .execute()
  const { numDeletedRows } = await tx
    .deleteFrom('skill')
    .where('accountId', '=', accountId)
    .where('skillId', '=', skillId)
    .executeTakeFirst()
  return numDeletedRows > 0n
}
