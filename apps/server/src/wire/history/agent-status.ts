import { NEW_AGENT } from '#messaging/reading'
import type { Deps } from './deps.ts'

export async function agentStatusRecords(
  { accounts, routing }: Pick<Deps, 'accounts' | 'routing'>,
  accountId: string,
  wanted: {
    skillIds?: string[] | undefined
    agentIds?: string[] | undefined
    status?: string[] | undefined
  },
): Promise<{ agentStatusRecords: object[] }> {
  const [users, states] = await Promise.all([
    accounts.users.list(accountId),
    routing.listAgentStates(accountId),
  ])
  const stateOf = new Map(states.map(({ userId, agent }) => [userId, agent]))
  const records = users
    .filter(
      ({ skillIds }) => !wanted.skillIds || wanted.skillIds.some((id) => skillIds.includes(id)),
    )
    .filter(({ userId }) => !wanted.agentIds || wanted.agentIds.includes(userId))
    .map((user) => {
      const { availability, gone, slots } = stateOf.get(user.userId) ?? NEW_AGENT.state
      return {
        agentId: user.userId,
        agentLoginName: user.loginName,
        agentFullName: user.fullName,
        agentNickname: user.nickname,
        userTypeName: user.kind === 'bot' ? 'Bot' : 'Human',
        agentSkills: user.skillIds.map((skillId) => ({ skillId: Number(skillId) })),
        currentStatus: gone ? 'OFFLINE' : availability,
        configuredMaxSlots: user.maxSlots,
        busySlots: slots.length,
      }
    })
  const shown = records.filter(
    ({ currentStatus }) => !wanted.status || wanted.status.includes(currentStatus),
  )
  return { agentStatusRecords: shown }
}
