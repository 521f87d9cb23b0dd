import type { ConsumerProfile, ConversationState, RoutingStep, Role } from '@parley/contract'
import { instant, UNDEFINED } from './history-times.ts'
import type { Directory } from './directory.ts'

function agent(
  directory: Directory,
  { userId, at, role }: { userId?: string | undefined; at: number; role?: Role | undefined },
) {
  const user = directory.user(userId)
  return {
    agentFullName: user?.fullName ?? UNDEFINED,
    agentNickname: user?.nickname ?? UNDEFINED,
    agentLoginName: user?.loginName ?? UNDEFINED,
    agentDeleted: user === undefined,
    agentId: userId ?? UNDEFINED,
    agentPid: user?.pid ?? UNDEFINED,
    userType: user?.kind === 'bot' ? '2' : '1',
    userTypeName: user?.kind === 'bot' ? 'Bot' : 'Human',
    role: 'Agent',
    agentGroupName: 'Unassigned',
    agentGroupId: -1,
    ...instant(at),
    permission: role ?? 'ASSIGNED_AGENT',
  }
}

export function agentParticipants(directory: Directory, { moves }: ConversationState) {
  return moves.filter(({ kind }) => kind === 'joined').map((step) => agent(directory, step))
}

/** The agents who are in the conversation now. */
export function activeAgents(
  directory: Directory,
  { dialogs, startedAt, moves }: ConversationState,
) {
  const joinedAt = (userId: string) =>
    moves.findLast((step) => step.kind === 'joined' && step.userId === userId)?.at ?? startedAt
  return dialogs
    .filter(({ type }) => type === 'MAIN')
    .flatMap(({ participants }) => participants)
    .filter(({ role, state }) => state === 'ACTIVE' && role !== 'CONSUMER' && role !== 'CONTROLLER')
    .map(({ userId, role }) => agent(directory, { userId, role, at: joinedAt(userId) }))
}

export function agentsWhoLeft(directory: Directory, { moves }: ConversationState) {
  return moves.filter(({ kind }) => kind === 'left').map((step) => agent(directory, step))
}

/** Every agent to whom the conversation was assigned, in order. */
export function interactions(directory: Directory, { moves }: ConversationState) {
  return moves
    .filter(({ kind, role }) => kind === 'joined' && role === 'ASSIGNED_AGENT')
    .map((step, index) => {
      const user = directory.user(step.userId)
      const { time, timeL } = instant(step.at)
      return {
        assignedAgentId: step.userId,
        assignedAgentFullName: user?.fullName ?? UNDEFINED,
        assignedAgentLoginName: user?.loginName ?? UNDEFINED,
        assignedAgentNickname: user?.nickname ?? UNDEFINED,
        interactionTime: time,
        interactionTimeL: timeL,
        interactiveSequence: index + 1,
      }
    })
}

/** Transfers to another skill, to another agent, and back to the queue. */
export function transfers(directory: Directory, { moves, skillId }: ConversationState) {
  return moves
    .filter(({ kind }) => kind === 'skill' || kind === 'transfer')
    .map((step) => {
      const by = directory.user(step.by)
      const toAgent = step.kind === 'transfer'
      const source = toAgent ? skillAt(moves, step.at, skillId) : (step.from ?? '-1')
      const target = toAgent ? source : (step.to ?? '-1')
      return {
        ...instant(step.at),
        assignedAgentId: toAgent ? step.to : 'null',
        targetSkillId: Number(target),
        targetSkillName: directory.skillName(target),
        reason: toAgent ? 'Agent' : 'Skill',
        by: step.by ?? UNDEFINED,
        sourceSkillId: Number(source),
        sourceSkillName: directory.skillName(source),
        sourceAgentId: step.by ?? UNDEFINED,
        sourceAgentFullName: by?.fullName ?? UNDEFINED,
        sourceAgentLoginName: by?.loginName ?? UNDEFINED,
        sourceAgentNickname: by?.nickname ?? UNDEFINED,
      }
    })
}

export function skillChanges(directory: Directory, { moves }: ConversationState) {
  return moves
    .filter(({ kind }) => kind === 'skill')
    .map(({ at, from = '-1', to = '-1' }) => ({
      ...instant(at),
      oldSkillId: from,
      oldSkillName: directory.skillName(from),
      skillId: to,
      skillName: directory.skillName(to),
    }))
}

function skillAt(moves: readonly RoutingStep[], at: number, latest: string): string {
  const later = moves.find((step) => step.kind === 'skill' && step.at > at)
  return later?.from ?? latest
}

export function consumerParticipants(
  { consumerId, formerConsumerIds, startedAt }: ConversationState,
  profile: ConsumerProfile,
) {
  const { firstName = 'Visitor', lastName = '', avatarUrl = UNDEFINED, privateData } = profile
  return [consumerId, ...formerConsumerIds].map((participantId) => ({
    participantId,
    firstName,
    lastName,
    token: UNDEFINED,
    email: privateData?.email ?? privateData?.mail ?? UNDEFINED,
    phone: privateData?.mobileNum ?? '0',
    avatarURL: avatarUrl,
    ...instant(startedAt),
    joinTime: instant(startedAt).time,
    joinTimeL: startedAt,
    consumerName: [firstName, lastName].filter(Boolean).join(' '),
  }))
}
