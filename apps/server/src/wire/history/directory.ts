import type { User } from '@parley/contract'
import type { Accounts } from '#identity/accounts'

/** The users and the names of skills of an account, read once for one answer. */
export interface Directory {
  accountId: string
  user(id: string | undefined): User | undefined
  skillName(skillId: string): string
}

export async function readDirectory(accounts: Accounts, accountId: string): Promise<Directory> {
  const [users, skills] = await Promise.all([
    accounts.users.list(accountId),
    accounts.skills.list(accountId),
  ])
  const byId = new Map(
    users.flatMap((user) => [[user.userId, user] as const, [user.pid, user] as const]),
  )
  const names = new Map(skills.map(({ skillId, name }) => [skillId, name]))
  return {
    accountId,
    user: (id) => (id === undefined ? undefined : byId.get(id)),
    skillName: (skillId) => names.get(skillId) ?? 'Unassigned',
  }
}
