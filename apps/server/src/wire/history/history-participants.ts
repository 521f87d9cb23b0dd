import type { ConsumerProfile, ConversationState, Move, Role } from '@parley/contract'
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
  return moves.filter(({ kind }) => kind === 'joined').map((move) => agent(directory, move))
}

/** Those who are still in it. */
export function activeAgents(
  directory: Directory,
  { dialogs, startedAt, moves }: ConversationState,
) {
  const joinedAt = (userId: string) =>
    moves.findLast((move) => move.kind === 'joined' && move.userId === userId)?.at ?? startedAt
  return dialogs
    .filter(({ type }) => type === 'MAIN')
    .flatMap(({ participants }) => participants)
    .filter(({ role, state }) => state === 'ACTIVE' && role !== 'CONSUMER' && role !== 'CONTROLLER')
    .map(({ userId, role }) => agent(directory, { userId, role, at: joinedAt(userId) }))
}

export function agentsWhoLeft(directory: Directory, { moves }: ConversationState) {
  return moves.filter(({ kind }) => kind === 'left').map((move) => agent(directory, move))
}

/** Every agent who took the conversation, in turn. */
export function interactions(directory: Directory, { moves }: ConversationState) {
  return moves
    .filter(({ kind, role }) => kind === 'joined' && role === 'ASSIGNED_AGENT')
    .map((move, index) => {
      const user = directory.user(move.userId)
      const { time, timeL } = instant(move.at)
      return {
        assignedAgentId: move.userId,
        assignedAgentFullName: user?.fullName ?? UNDEFINED,
        assignedAgentLoginName: user?.loginName ?? UNDEFINED,
        assignedAgentNickname: user?.nickname ?? UNDEFINED,
        interactionTime: time,
        interactionTimeL: timeL,
        interactiveSequence: index + 1,
      }
    })
}

/** From skill to skill, and from agent to agent or back to the queue. */
export function transfers(directory: Directory, { moves, skillId }: ConversationState) {
  return moves
    .filter(({ kind }) => kind === 'skill' || kind === 'transfer')
    .map((move) => {
      const by = directory.user(move.by)
      const toAgent = move.kind === 'transfer'
      const source = toAgent ? skillAt(moves, move.at, skillId) : (move.from ?? '-1')
      const target = toAgent ? source : (move.to ?? '-1')
      return {
        ...instant(move.at),
        assignedAgentId: toAgent ? move.to : 'null',
        targetSkillId: Number(target),
        targetSkillName: directory.skillName(target),
        reason: toAgent ? 'Agent' : 'Skill',
        by: move.by ?? UNDEFINED,
        sourceSkillId: Number(source),
        sourceSkillName: directory.skillName(source),
        sourceAgentId: move.by ?? UNDEFINED,
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

function skillAt(moves: readonly Move[], at: number, latest: string): string {
  const later = moves.find((move) => move.kind === 'skill' && move.at > at)
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
