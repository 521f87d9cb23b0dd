import type { ConversationState, Participant, Ring } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import { type Actor, originatorOf } from './actor.ts'
import {
  assignedAgent,
  type Decision,
  mainDialog,
  note,
  participantRefs,
  remember,
  requireOpen,
} from './decision.ts'

/** Who takes a conversation; `hosted` is a bot that this server runs. */
export interface Taker {
  userId: string
  pid: string
  hosted?: true | undefined
}

export interface RingOffer {
  ringId: string
  agent: { userId: string; pid: string }
  expiresAt: number
}

export function findOpenRing(state: ConversationState): Ring | undefined {
  return state.rings.find((ring) => ring.state === 'WAITING')
}

/** Whether routing should look for an agent: MAIN is open, no agent is assigned, none is being rung. */
export function needsAgent(state: ConversationState): boolean {
  return state.state === 'OPEN' && !assignedAgent(state) && !findOpenRing(state)
}

/** Asks one agent; the ring holds one of its slots until it is answered or expires. */
export function ringAgent({ state, at }: Decision, { ringId, agent, expiresAt }: RingOffer): void {
  state.rings = [
    { ringId, ...agent, state: 'WAITING', startedAt: at, expiresAt },
    ...state.rings.slice(0, 9),
  ]
  delete state.ringAgainAt
  state.updatedAt = at
}

/** A bot that this server runs has nobody to ask: it is rung and has accepted in one step. */
export function takeAtOnce(decision: Decision, offer: RingOffer): void {
  ringAgent(decision, offer)
  const ring = decision.state.rings[0]
  if (ring) ring.state = 'AUTO_ACCEPT'
  assignAgent(decision, { ...offer.agent, hosted: true })
}

/** Who has accepted it already has: the answer may have been lost. */
export function acceptRing(decision: Decision, ringId: string, userId: string): void {
  if (isAnswered(decision, { ringId, userId, state: 'ACCEPTED' })) return
  const ring = answerable(decision.state, ringId, userId)
  ring.state = 'ACCEPTED'
  assignAgent(decision, ring)
}

export function rejectRing(decision: Decision, ringId: string, userId: string): void {
  if (isAnswered(decision, { ringId, userId, state: 'REJECTED' })) return
  giveUp(decision, answerable(decision.state, ringId, userId), 'REJECTED')
}

/** @returns whether the ring was still waiting */
export function expireRing(decision: Decision, ringId: string): boolean {
  const ring = decision.state.rings.find((candidate) => candidate.ringId === ringId)
  if (ring?.state !== 'WAITING') return false
  giveUp(decision, ring, 'EXPIRED')
  return true
}

export function cancelRings(state: ConversationState): void {
  for (const ring of state.rings) {
    if (ring.state === 'WAITING') ring.state = 'CANCELLED'
  }
}

export function refuse({ state, at }: Decision, userId: string): void {
  state.refusals[userId] = { count: (state.refusals[userId]?.count ?? 0) + 1, at }
}

/** Assigns an agent that has accepted a ring, has taken the conversation, or was added by another user. */
export function assignAgent(
  decision: Decision,
  agent: Taker,
  actor: Actor = { kind: 'agent', userId: agent.userId, pid: agent.pid },
): void {
  const { state, at } = decision
  requireOpen(state)
  if (assignedAgent(state)) {
    throw new ParleyError('conflict', 'The conversation has an assigned agent')
  }
  for (const { change } of decision.changes) {
    if (change.kind === 'unassigned') change.isReplaced = true
  }
  const main = mainDialog(state)
  const before = participantRefs(state)
  const assigned: Participant = {
    userId: agent.userId,
    pid: agent.pid,
    role: 'ASSIGNED_AGENT',
    state: 'ACTIVE',
  }
  main.participants = [
    ...main.participants.filter(
      (participant) => participant.state === 'ACTIVE' && participant.userId !== agent.userId,
    ),
    assigned,
  ]
  main.updatedAt = at
  cancelRings(state)
  state.assignedAgentId = agent.userId
  state.assignedAt = at
  if (agent.hosted) state.servedByBot = true
  state.updatedAt = at
  delete state.ringAgainAt
  delete state.waitingSince
  delete state.suggestion
  state.refusals = {}
  remember(decision, {
    kind: 'joined',
    userId: agent.userId,
    pid: agent.pid,
    role: 'ASSIGNED_AGENT',
  })
  note(
    decision,
    {
      kind: 'assigned',
      userId: agent.userId,
      role: 'ASSIGNED_AGENT',
      before,
      after: participantRefs(state),
    },
    originatorOf(state, actor),
  )
}

function isAnswered(
  { state: { rings } }: Decision,
  { ringId, userId, state }: Pick<Ring, 'ringId' | 'userId' | 'state'>,
): boolean {
  const ring = rings.find((candidate) => candidate.ringId === ringId)
  return ring?.userId === userId && ring.state === state
}

function answerable(state: ConversationState, ringId: string, userId: string): Ring {
  const ring = state.rings.find((candidate) => candidate.ringId === ringId)
  if (!ring || ring.userId !== userId) throw new ParleyError('not_found', `No ring "${ringId}"`)
  if (ring.state !== 'WAITING') {
    throw new ParleyError('conflict', `Ring "${ringId}" is ${ring.state.toLowerCase()}`)
  }
  return ring
}

/** The suggested agent has not taken the conversation: every agent of the skill may be rung now. */
function giveUp(decision: Decision, ring: Ring, outcome: 'REJECTED' | 'EXPIRED'): void {
  const { state, at } = decision
  ring.state = outcome
  refuse(decision, ring.userId)
  if (state.suggestion?.userId === ring.userId) dropSuggestion(state)
  state.updatedAt = at
}

/** Who serves the conversation is decided anew: every agent of its skill may be rung. */
export function endSuggestion({ state, at }: Decision): void {
  if (!state.suggestion) return
  dropSuggestion(state)
  cancelRings(state)
  mainDialog(state).updatedAt = at
  state.updatedAt = at
}

export function dropSuggestion(state: ConversationState): void {
  const main = mainDialog(state)
  main.participants = main.participants.filter(({ state: presence }) => presence === 'ACTIVE')
  delete state.suggestion
}
