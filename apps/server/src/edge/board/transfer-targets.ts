import type { TransferTargets } from '@parley/contract'
import { hasSkill } from '#messaging/rules'
import type { BoardDeps } from './deps.ts'
import { presenceOf } from './presence.ts'
import { countWaitingBySkill } from './repository.ts'

const ORDER: readonly string[] = ['ONLINE', 'OCCUPIED', 'BACK_SOON', 'AWAY', 'OFFLINE']

/** To whom the caller can give a conversation or a live chat. */
export async function listTransferTargets(
  { accounts, routing, store }: BoardDeps,
  accountId: string,
  callerId: string,
  skillId: string | undefined,
): Promise<TransferTargets> {
  const [skills, agents, stored, waiting] = await Promise.all([
    accounts.skills.list(accountId),
    accounts.users.listAgents(accountId),
    routing.listAgentStates(accountId),
    countWaitingBySkill(store.db, accountId),
  ])
  const states = new Map(stored.map(({ userId, agent }) => [userId, agent]))
  const others = agents
    .filter(({ userId }) => userId !== callerId)
    .map((user) => ({ user, presence: presenceOf(user, states.get(user.userId)) }))
  const online = new Map<string, number>()
  for (const { user, presence } of others) {
    if (presence.availability !== 'ONLINE' && presence.availability !== 'OCCUPIED') continue
    for (const id of user.skillIds) online.set(id, (online.get(id) ?? 0) + 1)
  }
  return {
    skills: skills.map((skill) => ({
      skillId: skill.skillId,
      online: online.get(skill.skillId) ?? 0,
      waiting: waiting.get(skill.skillId) ?? 0,
    })),
    agents: others
      .filter(({ user }) => skillId === undefined || hasSkill(user, skillId))
      .map(({ presence }) => presence)
      .toSorted(
        (a, b) =>
          ORDER.indexOf(a.availability) - ORDER.indexOf(b.availability) ||
          a.name.localeCompare(b.name),
      ),
  }
}
