import { ParleyError } from '#base/kernel'
import { type Db, mapConstraintErrors } from '#base/store'
import type { AccountsDeps } from './deps.ts'
import { insertAccount, insertSkill, takeId } from './directory-repository.ts'
import * as users from './users.ts'

const SKILL_IDS = ['1001', '1002']

export interface NewAccount {
  accountId: string
  name: string
  /** A password is generated when none is given. */
  admin: { loginName: string; password?: string | undefined }
}

/**
 * One more account with its first administrator and the skills of a first start: whole or not at all.
 * @param also joins the transaction
 * @throws `conflict` when there is such an account
 */
export async function makeAccount(
  deps: AccountsDeps,
  { accountId, name, admin }: NewAccount,
  also: (tx: Db) => Promise<void>,
): Promise<{ admin: { user: string; password: string } }> {
  const password = admin.password ?? deps.ids.token(12)
  const passwordHash = await deps.passwords.hash(password)
  const createdAt = new Date(deps.clock.now())
  await deps.directory.change(accountId, async (tx) => {
    await mapConstraintErrors(insertAccount(tx, { accountId, name, createdAt }), {
      account_pkey: (cause) =>
        new ParleyError('conflict', `There is an account "${accountId}" already`, { cause }),
    })
    for (const skill of firstSkills(SKILL_IDS)) {
      await insertSkill(tx, { accountId, ...skill, description: '', createdAt })
    }
    await users.add(deps, tx, accountId, {
      role: 'administrator',
      loginName: admin.loginName,
      nickname: 'Administrator',
      userId: await takeId(tx, accountId, 'nextUserId'),
      passwordHash,
    })
    await also(tx)
  })
  return { admin: { user: admin.loginName, password } }
}

const DEMO_SKILLS = ['Sales', 'Support']

/** The skills of a new account, with their names. */
export function firstSkills(skillIds: readonly string[]): { skillId: string; name: string }[] {
  return skillIds.map((skillId, index) => ({
    skillId,
    name: DEMO_SKILLS[index] ?? `Skill ${skillId}`,
  }))
}
