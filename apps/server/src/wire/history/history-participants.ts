import type { ConsumerProfile, ConversationState, RoutingStep, Role } from '@parley/contract'
import { mainDialog } from '#messaging/rules'
import { contextData } from './history-context.ts'
import { instant, UNDEFINED } from './history-times.ts'
import type { Directory } from './directory.ts'

type Step = Pick<RoutingStep, 'at' | 'userId' | 'metadata'> & { role?: Role | undefined }

function agent(directory: Directory, state: ConversationState, step: Step) {
  const { userId, at, role } = step
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
    ...inMain(state),
    ...contextData(step.metadata),
  }
}

/** Agents are in the main dialog alone, whose id is the conversation's. */
function inMain(state: ConversationState) {
  return { dialogId: mainDialog(state).dialogId }
}

export function agentParticipants(directory: Directory, state: ConversationState) {
  return state.moves
    .filter(({ kind }) => kind === 'joined')
    .map((step) => agent(directory, state, step))
}

/** The agents who are in the conversation now. */
export function activeAgents(directory: Directory, conversation: ConversationState) {
  const { startedAt, moves } = conversation
  const joinedAt = (userId: string) =>
    moves.findLast((step) => step.kind === 'joined' && step.userId === userId)?.at ?? startedAt
  return mainDialog(conversation)
    .participants.filter(
      ({ role, state }) => state === 'ACTIVE' && role !== 'CONSUMER' && role !== 'CONTROLLER',
    )
    .map(({ userId, role }) =>
      agent(directory, conversation, { userId, role, at: joinedAt(userId) }),
    )
}

export function agentsWhoLeft(directory: Directory, state: ConversationState) {
  return state.moves
    .filter(({ kind }) => kind === 'left')
    .map((step) => agent(directory, state, step))
}

/** Every agent to whom the conversation was assigned, in order. */
export function interactions(directory: Directory, state: ConversationState) {
  return state.moves.filter(isAssignment).map((step, index) => {
    const { time, timeL } = instant(step.at)
    return {
      ...named(directory, 'assigned', step.userId),
      interactionTime: time,
      interactionTimeL: timeL,
      interactiveSequence: index + 1,
      ...inMain(state),
    }
  })
}

/** Transfers to another skill, to another agent and back to the queue, and by somebody who took the conversation over. */
export function transfers(directory: Directory, state: ConversationState) {
  const { moves, skillId } = state
  return moves.flatMap((step) => {
    const found = transferBy(step, moves)
    if (!found) return []
    const { reason, by, to } = found
    const present = skillAt(moves, step.at, skillId)
    const [source, target] =
      reason === 'Skill' ? [step.from ?? '-1', step.to ?? '-1'] : [present, present]
    return {
      ...instant(step.at),
      ...(to === undefined ? { assignedAgentId: 'null' } : named(directory, 'assigned', to)),
      targetSkillId: Number(target),
      targetSkillName: directory.skillName(target),
      reason,
      by: by ?? UNDEFINED,
      sourceSkillId: Number(source),
      sourceSkillName: directory.skillName(source),
      ...named(directory, 'source', by),
      ...inMain(state),
      ...contextData(step.metadata),
    }
  })
}

interface Transfer {
  reason: 'Agent' | 'Skill' | 'TakeOver' | 'back2Q'
  by: string | undefined
  /** The agent who is asked for it, or has it now. */
  to?: string | undefined
}

/** An agent who leaves in the commit of another transfer is a part of that one. */
function transferBy(step: RoutingStep, moves: readonly RoutingStep[]): Transfer | undefined {
  const { at, kind, role, by, to, userId } = step
  if (kind === 'skill') return { reason: 'Skill', by }
  if (kind === 'transfer') return { reason: 'Agent', by, to }
  if (kind !== 'left' || role !== 'ASSIGNED_AGENT') return undefined
  const beside = moves.filter((other) => other.at === at && other !== step)
  if (beside.some((other) => other.kind === 'skill' || other.kind === 'transfer')) return undefined
  const next = beside.find((other) => isAssignment(other) && other.userId !== userId)
  return next
    ? { reason: 'TakeOver', by: next.userId, to: next.userId }
    : { reason: 'back2Q', by: userId }
}

function isAssignment({ kind, role }: RoutingStep): boolean {
  return kind === 'joined' && role === 'ASSIGNED_AGENT'
}

/** An agent by its id and names, such as `sourceAgentId` and `sourceAgentFullName`. */
function named(directory: Directory, prefix: 'assigned' | 'source', userId: string | undefined) {
  const user = directory.user(userId)
  return {
    [`${prefix}AgentId`]: userId ?? UNDEFINED,
    [`${prefix}AgentFullName`]: user?.fullName ?? UNDEFINED,
    [`${prefix}AgentLoginName`]: user?.loginName ?? UNDEFINED,
    [`${prefix}AgentNickname`]: user?.nickname ?? UNDEFINED,
  }
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

export function consumerParticipants(state: ConversationState, profile: ConsumerProfile) {
  const { consumerId, formerConsumerIds, startedAt } = state
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
    ...inMain(state),
  }))
}
