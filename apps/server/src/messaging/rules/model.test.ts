import { type ConversationState, ConversationState as Schema } from '@parley/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ParleyError } from '#base/kernel'
import type { Actor } from './actor.ts'
import { changeSkill } from './change-skill.ts'
import { closeConversation, closeDialog } from './close.ts'
import { type Decision, decisionOf, mainDialog } from './decision.ts'
import { openConversation } from './open.ts'
import { changeParticipants } from './participants.ts'
import { publishMessage } from './publish-message.ts'
import { acceptRing, expireRing, needsAgent, findOpenRing, rejectRing, ringAgent } from './ring.ts'
import { slotHolders } from './slots.ts'
import { stepUp } from './step-up.ts'
import { changeManualEttr, changeTtr } from './time-to-respond.ts'
import { adjustTimers } from './timers.ts'

const agents = ['1', '2', '3'].map((userId) => ({ userId, pid: `pid-${userId}` }))
const rules = {
  idle: {
    queue: { afterMs: 1000, repeat: 2 },
    agent: { afterMs: 2000, repeat: 2 },
    consumer: { afterMs: 3000, repeat: 2 },
  },
  autoCloseAfterMs: 60_000,
}

const agent = fc.constantFrom(...agents)
const role = fc.constantFrom(
  'AGENT' as const,
  'MANAGER' as const,
  'READER' as const,
  'ASSIGNED_AGENT' as const,
)

/** What anybody may try at any time; most of it is refused. */
const attempt = fc.oneof(
  fc.record({
    do: fc.constant('say' as const),
    by: fc.constantFrom('consumer', '1', '2', '3'),
    isPrivate: fc.boolean(),
  }),
  fc.record({ do: fc.constant('ring' as const), agent }),
  fc.record({ do: fc.constant('accept' as const), agent }),
  fc.record({ do: fc.constant('reject' as const), agent }),
  fc.record({ do: fc.constant('expire' as const) }),
  fc.record({
    do: fc.constant('participants' as const),
    by: agent,
    agent,
    role,
    type: fc.constantFrom('ADD' as const, 'REMOVE' as const, 'UPDATE' as const, 'SUGGEST' as const),
  }),
  fc.record({
    do: fc.constant('skill' as const),
    by: agent,
    skillId: fc.constantFrom('-1', '1001', '1002'),
    delay: fc.constantFrom(undefined, { type: 'NIGHT', tillWhen: 5000 }),
  }),
  fc.record({ do: fc.constant('ttr' as const), value: fc.integer({ min: 1, max: 10_000 }) }),
  fc.record({ do: fc.constant('ettr' as const), by: agent }),
  fc.record({ do: fc.constant('step-up' as const) }),
  fc.record({ do: fc.constant('close' as const), by: fc.constantFrom('consumer', 'system', '1') }),
  fc.record({ do: fc.constant('close-main' as const), survey: fc.boolean() }),
  fc.record({ do: fc.constant('close-survey' as const) }),
)
type Attempt = typeof attempt extends fc.Arbitrary<infer T> ? T : never

function actor(state: ConversationState, name: string): Actor {
  if (name === 'consumer') {
    return { kind: 'consumer', userId: state.consumerId, pid: state.consumerId }
  }
  if (name === 'system') return { kind: 'system', userId: '0', pid: 'pid-0' }
  return { kind: 'agent', userId: name, pid: `pid-${name}` }
}

function apply(decision: Decision, step: Attempt): void {
  const { state } = decision
  const by = (name: string) => actor(state, name)
  switch (step.do) {
    case 'say': {
      const { dialogId } =
        state.dialogs.find((dialog) => dialog.state === 'OPEN') ?? mainDialog(state)
      const audience = step.isPrivate ? 'AGENTS_AND_MANAGERS' : 'ALL'
      publishMessage(decision, by(step.by), { dialogId, event: { type: 'ContentEvent' }, audience })
      return
    }
    case 'ring':
      if (needsAgent(state)) {
        const ringId = `${state.rings.length}-${decision.at}`
        ringAgent(decision, { ringId, agent: step.agent, expiresAt: decision.at + 10 })
      }
      return
    case 'accept':
      return acceptRing(decision, findOpenRing(state)?.ringId ?? 'none', step.agent.userId)
    case 'reject':
      return rejectRing(decision, findOpenRing(state)?.ringId ?? 'none', step.agent.userId)
    case 'expire':
      return void expireRing(decision, findOpenRing(state)?.ringId ?? 'none')
    case 'participants':
      return changeParticipants(decision, by(step.by.userId), {
        ...step,
        suggestedUntil: decision.at + 5,
      })
    case 'skill':
      return changeSkill(decision, by(step.by.userId), { skillId: step.skillId, delay: step.delay })
    case 'ttr':
      return changeTtr(decision, by('consumer'), { ttrType: 'URGENT', value: step.value })
    case 'ettr':
      return changeManualEttr(decision, by(step.by.userId), decision.at + 7)
    case 'step-up':
      return stepUp(decision, `known-${decision.at}`)
    case 'close':
      return closeConversation(decision, by(step.by))
    case 'close-main': {
      const survey = { dialogId: 'survey', appInstallId: 's', bot: { userId: '9', pid: 'pid-9' } }
      const { dialogId } = mainDialog(state)
      return closeDialog(decision, by('consumer'), dialogId, {
        survey: step.survey ? survey : undefined,
      })
    }
    case 'close-survey':
      return closeDialog(decision, by('consumer'), 'survey')
  }
}

function open(): ConversationState {
  const { state } = openConversation(1000, {
    conversationId: 'c',
    consumerId: 'anonymous',
    authenticated: false,
    skillId: '1001',
    ttr: { ttrType: 'NORMAL', value: 600 },
    offHours: false,
    delay: undefined,
    controller: { userId: '0', pid: 'pid-0' },
    firstConversation: true,
  })
  return state
}

/** The cache and readers hold the state: a rule that changes it in place throws. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const member of Object.values(value)) deepFreeze(member)
  return value
}

function checkInvariants(before: ConversationState, { state, messages, changes }: Decision): void {
  const main = mainDialog(state)
  const active = main.participants.filter((one) => one.state === 'ACTIVE')
  const assigned = active.filter((one) => one.role === 'ASSIGNED_AGENT')
  expect(assigned.length).toBeLessThanOrEqual(1)
  if (state.state === 'OPEN') expect(state.assignedAgentId).toBe(assigned[0]?.userId)
  expect(active.filter((one) => one.role === 'CONSUMER')).toHaveLength(1)
  expect(active.filter((one) => one.role === 'CONTROLLER')).toHaveLength(1)
  expect(state.rings.filter((ring) => ring.state === 'WAITING').length).toBeLessThanOrEqual(1)
  expect(slotHolders(state).size).toBeLessThanOrEqual(1)
  const openDialogs = state.dialogs.filter((dialog) => dialog.state === 'OPEN')
  expect(openDialogs.length).toBeLessThanOrEqual(1)
  expect(state.stage).toBe(openDialogs.length > 0 ? 'OPEN' : 'CLOSE')
  expect(state.state).toBe(main.state)
  expect(state.effectiveTtr === -1).toBe(state.state === 'CLOSE')
  if (before.stage === 'CLOSE') expect(state).toEqual(before)
  if (before.state === 'CLOSE') expect(state.state).toBe('CLOSE')
  if (state.state === 'OPEN' && assigned.length === 0) expect(state.waitingSince).toBeDefined()
  if (assigned.length > 0) expect(state.waitingSince).toBeUndefined()
  for (const dialog of state.dialogs) {
    const known = before.dialogs.find(({ dialogId }) => dialogId === dialog.dialogId)
    const written = messages.filter(({ dialogId }) => dialogId === dialog.dialogId)
    const first = known?.nextSequence ?? 0
    expect(written.map(({ sequence }) => sequence)).toEqual(
      written.map((_, index) => first + index),
    )
    expect(dialog.nextSequence).toBe(first + written.length)
  }
  for (const { conversation } of changes) Schema.parse(conversation)
}

test('whatever participants try, in whatever order, a conversation keeps its invariants', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(attempt, fc.nat(5000)), { maxLength: 40 }), (steps) => {
      let state = deepFreeze(open())
      let now = 1000
      for (const [step, pause] of steps) {
        now += pause
        const decision = decisionOf(state, now)
        try {
          apply(decision, step)
        } catch (error) {
          if (!(error instanceof ParleyError)) throw error
          continue
        }
        checkInvariants(state, decision)
        adjustTimers(decision.state, rules, { at: decision.at, before: undefined })
        if (decision.state.stage === 'CLOSE') expect(decision.state.timers).toEqual({})
        expect(decision.state.timerNotes?.length ?? 0).toBeLessThanOrEqual(50)
        state = deepFreeze(decision.state)
      }
      Schema.parse(state)
    }),
    { numRuns: 500 },
  )
})
