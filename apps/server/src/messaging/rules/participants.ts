import type { ConversationState, Originator, Participant, Role } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import { type Actor, originatorOf, requireAgent, requireParticipant } from './actor.ts'
import {
  assignedAgent,
  type Decision,
  findParticipant,
  mainDialog,
  note,
  participantRefs,
  remember,
  requireOpen,
} from './decision.ts'
import { assignAgent, cancelRings, endSuggestion, refuse, type Taker } from './ring.ts'

export interface ParticipantsChange {
  type: 'ADD' | 'REMOVE' | 'UPDATE' | 'SUGGEST'
  role: Role
  agent: Taker
  /** Until when only the suggested agent is asked. */
  suggestedUntil: number
}

const JOINABLE = new Set<Role>(['AGENT', 'MANAGER', 'READER', 'ASSIGNED_AGENT'])
/** A reader that joins or leaves raises no event. */
const VISIBLE = new Set<Role>(['AGENT', 'MANAGER', 'ASSIGNED_AGENT'])

export function changeParticipants(
  decision: Decision,
  actor: Actor,
  change: ParticipantsChange,
): void {
  requireOpen(decision.state)
  requireAgent(actor)
  if (!JOINABLE.has(change.role)) {
    throw new ParleyError('invalid_request', `The role ${change.role} cannot be given or taken`)
  }
  switch (change.type) {
    case 'ADD':
      return addAgent(decision, actor, change)
    case 'REMOVE':
      return removeAgent(decision, actor, change)
    case 'UPDATE':
      return updateRole(decision, actor, change)
    case 'SUGGEST':
      return suggestAgent(decision, actor, change)
  }
}

/** Who is there in this role already, was added by a request whose answer may have been lost. */
function addAgent(decision: Decision, actor: Actor, { role, agent }: ParticipantsChange): void {
  if (actor.userId !== agent.userId) requireParticipant(decision.state, actor)
  const present = findParticipant(mainDialog(decision.state), agent.userId)
  if (present?.role === role) return
  if (role === 'ASSIGNED_AGENT') {
    assignAgent(decision, agent, actor)
    return
  }
  if (present) {
    throw new ParleyError('conflict', `Agent "${agent.userId}" is a participant already`)
  }
  join(decision, { userId: agent.userId, pid: agent.pid, role, state: 'ACTIVE' }, actor)
}

function updateRole(decision: Decision, actor: Actor, { role, agent }: ParticipantsChange): void {
  requireParticipant(decision.state, actor, { mayRead: actor.userId === agent.userId })
  const present = findParticipant(mainDialog(decision.state), agent.userId)
  if (!present) throw new ParleyError('not_found', `Agent "${agent.userId}" is not a participant`)
  if (present.role === role) return
  if (present.role === 'ASSIGNED_AGENT') {
    unassign(decision, originatorOf(decision.state, actor))
  }
  if (role === 'ASSIGNED_AGENT') assignAgent(decision, agent, actor)
  else takeRole(decision, { userId: agent.userId, pid: agent.pid, role, state: 'ACTIVE' }, actor)
}

/** An agent that becomes a reader counts as having left. Who is asked to take the conversation goes on being asked. */
function takeRole(decision: Decision, participant: Participant, actor: Actor): void {
  const { state } = decision
  const { userId, role } = participant
  const main = mainDialog(state)
  const before = participantRefs(state)
  const former = findParticipant(main, userId)
  // Who leaves a role does so in it.
  const originator = originatorOf(state, actor)
  main.participants = main.participants.filter((candidate) => candidate !== former)
  join(decision, participant, actor, before)
  if (!former || !VISIBLE.has(former.role) || VISIBLE.has(role)) return
  const left = { userId, role: former.role, before, after: participantRefs(state) }
  note(decision, { kind: 'left', ...left }, originator)
}

/** Whose last step was to leave this role has left by a request whose answer may have been lost. */
function removeAgent(decision: Decision, actor: Actor, { role, agent }: ParticipantsChange): void {
  const { state } = decision
  const leavesItself = role !== 'ASSIGNED_AGENT' && actor.userId === agent.userId
  const hasLeft = role !== 'ASSIGNED_AGENT' && hasLeftRole(state, agent.userId, role)
  if (leavesItself && hasLeft) return
  requireParticipant(state, actor, { mayRead: leavesItself })
  const originator = originatorOf(state, actor)
  if (role === 'ASSIGNED_AGENT') {
    const assigned = assignedAgent(state) ?? state.suggestion
    if (!assigned) throw new ParleyError('conflict', 'The conversation has no assigned agent')
    // Published clients name the caller where they name nobody.
    if (agent.userId !== assigned.userId && agent.userId !== actor.userId) {
      throw new ParleyError('conflict', `Agent "${agent.userId}" is not the assigned agent`)
    }
    if (state.suggestion) {
      endSuggestion(decision)
      refuse(decision, assigned.userId)
      return
    }
    unassign(decision, originator)
    return
  }
  const main = mainDialog(state)
  const present = main.participants.find(
    (participant) => participant.userId === agent.userId && participant.role === role,
  )
  if (!present) {
    if (hasLeft) return
    throw new ParleyError(
      'not_found',
      `Agent "${agent.userId}" is not a participant with role ${role}`,
    )
  }
  leave(decision, present, originator)
}

/** Whether the conversation is as this change would leave it. Somebody is suggested only until it closes. */
export function isChanged(
  state: ConversationState,
  { type, role, agent: { userId } }: Pick<ParticipantsChange, 'type' | 'role' | 'agent'>,
): boolean {
  const present = findParticipant(mainDialog(state), userId)
  if (type === 'REMOVE') return !present && hasLeftRole(state, userId, role)
  return type !== 'SUGGEST' && present?.role === role
}

function hasLeftRole({ moves }: ConversationState, userId: string, role: Role): boolean {
  const last = moves.findLast((move) => move.userId === userId)
  return last?.kind === 'left' && last.role === role
}

/** Back to the queue: the conversation waits again from now on, and rings who had it last of all. */
export function unassign(decision: Decision, originator: Originator): void {
  const { state, at } = decision
  const assigned = assignedAgent(state)
  if (!assigned) return
  const before = participantRefs(state)
  const main = mainDialog(state)
  main.participants = main.participants.filter((participant) => participant !== assigned)
  main.updatedAt = at
  delete state.assignedAgentId
  delete state.servedByBot
  state.backToQueueAt = at
  state.waitingSince = at
  state.updatedAt = at
  refuse(decision, assigned.userId)
  remember(decision, {
    kind: 'left',
    userId: assigned.userId,
    pid: assigned.pid,
    role: assigned.role,
  })
  note(
    decision,
    {
      kind: 'unassigned',
      userId: assigned.userId,
      role: assigned.role,
      before,
      after: participantRefs(state),
    },
    originator,
  )
}

/**
 * Asks one agent before all others. The agent is assigned only when it accepts. Who is asked already goes on being asked: the answer of that
 * request may have been lost.
 */
export function suggestAgent(
  decision: Decision,
  actor: Actor,
  { role, agent: { userId, pid }, suggestedUntil }: Omit<ParticipantsChange, 'type'>,
): void {
  const { state, at } = decision
  requireParticipant(state, actor)
  if (role !== 'ASSIGNED_AGENT') {
    throw new ParleyError('invalid_request', 'Only an assigned agent can be suggested')
  }
  if (assignedAgent(state)) {
    throw new ParleyError('conflict', 'The conversation has an assigned agent')
  }
  decision.hasSuggested = true
  if (state.suggestion?.userId === userId) return
  const main = mainDialog(state)
  cancelRings(state)
  main.participants = [
    ...main.participants.filter((participant) => participant.state === 'ACTIVE'),
    { userId, pid, role, state: 'SUGGESTED' },
  ]
  main.updatedAt = at
  state.suggestion = { userId, until: suggestedUntil }
  state.transferred = true
  delete state.refusals[userId]
  state.updatedAt = at
  remember(decision, { kind: 'transfer', to: userId, by: actor.userId })
}

function join(
  decision: Decision,
  participant: Participant,
  actor: Actor,
  before = participantRefs(decision.state),
): void {
  const { state, at } = decision
  const { userId, pid, role } = participant
  const main = mainDialog(state)
  main.participants = [...main.participants, participant]
  main.updatedAt = at
  state.updatedAt = at
  remember(decision, { kind: 'joined', userId, pid, role })
  if (VISIBLE.has(role)) {
    const after = participantRefs(state)
    note(decision, { kind: 'joined', userId, role, before, after }, originatorOf(state, actor))
  }
}

function leave(decision: Decision, participant: Participant, originator: Originator): void {
  const { state, at } = decision
  const { userId, pid, role } = participant
  const main = mainDialog(state)
  const before = participantRefs(state)
  main.participants = main.participants.filter((candidate) => candidate !== participant)
  main.updatedAt = at
  state.updatedAt = at
  remember(decision, { kind: 'left', userId, pid, role })
  if (VISIBLE.has(role)) {
    note(
      decision,
      { kind: 'left', userId, role, before, after: participantRefs(state) },
      originator,
    )
  }
}
