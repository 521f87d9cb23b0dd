import type { AutomaticMessage } from '@parley/contract'
import { eventIdOf } from '@parley/contract/events'
import { expect, test } from 'vitest'
import { type Cause, isLoop } from './loop-guard.ts'
import { planAnswer } from './plan.ts'
import { readCommands } from '@parley/contract/read-commands'

const message: AutomaticMessage = { type: 'BACK_TO_QUEUE', active: true, text: 'Default' }
const cause: Cause = { outboxId: 1, changeKind: 'unassigned', chain: [] }
const all = [
  { type: 'closeConversation' },
  { type: 'transfer', skillId: '2' },
  { type: 'systemMessage', text: 'Hi' },
]

function circumstances(inForce: AutomaticMessage, ownCause: Cause) {
  const eventId = eventIdOf(inForce.type)
  return {
    accountId: '12345678',
    eventId,
    message: inForce,
    hasEnded: inForce.type === 'AGENT_END_CONVERSATION',
    isLoop: isLoop(ownCause, eventId),
    transferToAgentEnabled: true,
  }
}

function plan(result: unknown, changes: Partial<AutomaticMessage> = {}, ownCause = cause) {
  return planAnswer(readCommands(result), circumstances({ ...message, ...changes }, ownCause))
}

test.each([undefined, null, [], {}, 'ok', 7, [[]], [{ type: 'nonsense' }]])(
  '%j has no message: the default is sent',
  (result) => {
    expect(plan(result).actions).toEqual([{ type: 'message', text: 'Default', isDefault: true }])
  },
)

test('the default is sent beside a transfer, too', () => {
  expect(plan({ type: 'transfer', skillId: '2' }).actions).toEqual([
    { type: 'message', text: 'Default', isDefault: true },
    { type: 'transfer', skillId: '2' },
  ])
})

test('a message that is switched off is not sent', () => {
  expect(plan(undefined, { active: false }).actions).toEqual([])
})

test('a message of the function replaces the default, even one that is switched off', () => {
  const ownText = [{ type: 'message', text: 'Hi' }]
  expect(plan({ type: 'systemMessage', text: 'Hi' }).actions).toEqual(ownText)
  expect(plan({ type: 'systemMessage', text: 'Hi' }, { active: false }).actions).toEqual(ownText)
})

test.each([[[]], ['']])('the text %j suppresses the default', (text) => {
  const { actions, outcomes } = plan({ type: 'systemMessage', text })
  expect(actions).toEqual([])
  expect(outcomes([])).toEqual([
    { type: 'systemMessage', applied: true, reason: 'Nothing is sent, nor the default message' },
  ])
})

test('message, transfer, close', () => {
  expect(plan(all).actions).toEqual([
    { type: 'message', text: 'Hi' },
    { type: 'transfer', skillId: '2' },
    { type: 'close' },
  ])
})

test('the record pairs each command with what the conversation answered', () => {
  const { outcomes } = plan([...all, 'x', { type: 'systemMessage', text: 'again' }])
  expect(
    outcomes([{ applied: true }, { applied: false, reason: 'No skill 2' }, { applied: true }]),
  ).toEqual([
    { type: 'systemMessage', applied: true },
    { type: 'transfer', applied: false, reason: 'No skill 2' },
    { type: 'closeConversation', applied: true },
    { type: 'string', applied: false, reason: 'Not an object' },
    {
      type: 'systemMessage',
      applied: false,
      reason: 'Only the first command of a type counts',
    },
  ])
})

test('after the end only a message makes sense', () => {
  const { actions, outcomes } = plan(all, { type: 'AGENT_END_CONVERSATION' })
  expect(actions).toEqual([{ type: 'message', text: 'Hi' }])
  expect(outcomes([{ applied: true }])).toEqual([
    { type: 'systemMessage', applied: true },
    { type: 'transfer', applied: false, reason: 'The conversation has ended' },
    { type: 'closeConversation', applied: false, reason: 'The conversation has ended' },
  ])
})

test('a transfer from New Conversation is done with a warning', () => {
  const { actions, outcomes } = plan(all[1], { type: 'CONSUMER_OPEN_NEW_CONVERSATION' })
  expect(actions).toContainEqual({ type: 'transfer', skillId: '2' })
  expect(outcomes([{ applied: true }, { applied: true }])[1]).toMatchObject({
    type: 'transfer',
    applied: true,
    reason: expect.stringContaining('use a routing bot'),
  })
})

test('the record names what is left out of a transfer', () => {
  const { outcomes } = plan({ type: 'transfer', skillId: '2', agentId: [5] })
  expect(outcomes([{ applied: true }, { applied: true }])[1]).toEqual({
    type: 'transfer',
    applied: true,
    reason: 'agentId is not an id and was left out',
  })
})

test('a transfer that ends a loop says so', () => {
  const routing = 'controllerbot_messaging_conversation_routing'
  const { outcomes } = plan(
    all[1],
    { type: 'ENGAGEMENT_TRANSFERED' },
    { ...cause, chain: [routing] },
  )
  expect(outcomes([{ applied: true }, { applied: true }])[1]?.reason).toMatch(/^Stopped here/)
})

test('an agent is proposed under its user id, however it was named', () => {
  expect(plan({ type: 'transfer', agentId: '12345678.23' }).actions).toContainEqual({
    type: 'transfer',
    agentId: '23',
  })
})

test('with transfers to agents switched off only the agent is ignored', () => {
  const off = {
    ...circumstances({ ...message, active: false }, cause),
    transferToAgentEnabled: false,
  }
  const reason = 'Transfers to agents are switched off for this account'
  const both = planAnswer(readCommands({ type: 'transfer', skillId: '2', agentId: '3' }), off)
  expect(both.actions).toEqual([{ type: 'transfer', skillId: '2' }])
  expect(both.outcomes([{ applied: true }])).toEqual([{ type: 'transfer', applied: true, reason }])
  const agentOnly = planAnswer(readCommands({ type: 'transfer', agentId: '3' }), off)
  expect(agentOnly.actions).toEqual([])
  expect(agentOnly.outcomes([])).toEqual([{ type: 'transfer', applied: false, reason }])
})
