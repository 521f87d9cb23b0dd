import { NEW_AGENT } from '#messaging/reading'
import type { Deps } from './deps.ts'
import { instant } from './history-times.ts'

export interface WantedAgents {
  skillIds?: string[] | undefined
  agentIds?: string[] | undefined
  status?: string[] | undefined
  agentPresence?: boolean | undefined
  connectionStates?: string[] | undefined
}

/** How agents are now: those that are logged in, unless a state is asked for or `agentPresence` says otherwise. */
export async function agentStatusRecords(
  { accounts, routing, clock }: Pick<Deps, 'accounts' | 'routing' | 'clock'>,
  accountId: string,
  wanted: WantedAgents,
): Promise<object[]> {
  const [users, skills, states] = await Promise.all([
    accounts.users.list(accountId),
    accounts.skills.list(accountId),
    routing.listAgentStates(accountId),
  ])
  const now = clock.now()
  const stateOf = new Map(states.map(({ userId, agent }) => [userId, agent]))
  const nameOf = new Map(skills.map(({ skillId, name }) => [skillId, name]))
  return users
    .filter(
      ({ skillIds }) => !wanted.skillIds || wanted.skillIds.some((id) => skillIds.includes(id)),
    )
    .filter(({ userId }) => !wanted.agentIds || wanted.agentIds.includes(userId))
    .map((user) => {
      const { availability, gone, slots, nodes, hosted, since } =
        stateOf.get(user.userId) ?? NEW_AGENT.state
      const currentStatus = gone ? 'OFFLINE' : availability
      const { time, timeL } = instant(now)
      return {
        agentId: user.userId,
        lastUpdatedTime: time,
        lastUpdatedTimeL: timeL,
        ...(since !== undefined && statusSince(since, now)),
        agentName: user.fullName,
        agentLoginName: user.loginName,
        agentFullName: user.fullName,
        agentNickname: user.nickname,
        userTypeName: user.kind === 'bot' ? 'Bot' : 'Human',
        agentSkills: user.skillIds.map((skillId) => ({ skillId, skillName: nameOf.get(skillId) })),
        agentGroupId: -1,
        agentGroupName: 'Unassigned',
        currentStatus,
        load: user.maxSlots === 0 ? 0 : Math.round((slots.length / user.maxSlots) * 100),
        configuredMaxSlots: user.maxSlots,
        busySlots: slots.length,
        openAssignedConversations: slots.length,
        agentPresence: String(currentStatus !== 'OFFLINE'),
        currentConnectionState: nodes.length > 0 || hosted ? 'CONNECTED' : 'DISCONNECTED',
      }
    })
    .filter((record) => isWanted(record, wanted))
}

function statusSince(since: number, now: number) {
  const { time, timeL } = instant(since)
  return {
    currentStatusStartTime: time,
    currentStatusStartTimeL: timeL,
    currentStatusDuration: Math.max(0, now - since),
  }
}

function isWanted(
  record: { currentStatus: string; agentPresence: string; currentConnectionState: string },
  { status, agentPresence = true, connectionStates }: WantedAgents,
): boolean {
  const { currentStatus, currentConnectionState } = record
  if (connectionStates && !connectionStates.includes(currentConnectionState)) return false
  return status ? status.includes(currentStatus) : record.agentPresence === String(agentPresence)
}
