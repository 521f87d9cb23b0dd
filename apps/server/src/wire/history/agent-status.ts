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
  const users = await accounts.users.list(accountId)
  const records = await Promise.all(
    users
      .filter(
        ({ skillIds }) => !wanted.skillIds || wanted.skillIds.some((id) => skillIds.includes(id)),
      )
      .filter(({ userId }) => !wanted.agentIds || wanted.agentIds.includes(userId))
      .map(async (user) => {
        const { availability, gone, slots } = await routing.findAgent(accountId, user.userId)
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
      }),
  )
  const shown = records.filter(
    ({ currentStatus }) => !wanted.status || wanted.status.includes(currentStatus),
  )
  return { agentStatusRecords: shown }
}
