import { type ConversationState, NO_SKILL, type User } from '@parley/contract'
import type { Accounts } from '#identity/accounts'
import { ParleyError } from '#base/kernel'

/** @throws ParleyError `not_found` when there is no such user, or none who may log in */
export async function getPerson(accounts: Accounts, accountId: string, id: string): Promise<User> {
  const user = await accounts.users.find(accountId, id)
  if (!user?.enabled) throw new ParleyError('not_found', `Agent "${id}" does not exist`)
  return user
}

/** @throws ParleyError `not_found` when there is no such user, or none who handles conversations */
export async function getAgent(accounts: Accounts, accountId: string, id: string): Promise<User> {
  const user = await accounts.users.findAgent(accountId, id)
  if (!user) throw new ParleyError('not_found', `Agent "${id}" does not exist`)
  return user
}

/** @throws ParleyError `not_found` when there is no such skill */
export async function requireSkill(
  accounts: Accounts,
  accountId: string,
  skillId: string,
): Promise<void> {
  if (skillId === NO_SKILL || (await accounts.skills.find(accountId, skillId))) return
  throw new ParleyError('not_found', `Skill "${skillId}" does not exist`)
}

/** Without a skill, the account's hours count. */
export function isOffHours(
  accounts: Accounts,
  accountId: string,
  skillId: string,
  at: number,
): Promise<boolean> {
  return accounts.offHours(accountId, skillId === NO_SKILL ? undefined : skillId, at)
}

/** The time of the next opening while the contact centre is closed; `undefined` while it is open. */
export async function delayOf(
  { accounts }: { accounts: Pick<Accounts, 'nextOpening'> },
  accountId: string,
  skillId: string,
  at: number,
): Promise<ConversationState['delay']> {
  const skill = skillId === NO_SKILL ? undefined : skillId
  const opening = await accounts.nextOpening(accountId, skill, at)
  return opening && { type: opening.reason, tillWhen: opening.at }
}
