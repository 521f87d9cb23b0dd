import type { ChangeFacts, ConversationChange, Originator } from '@parley/contract'
import { CBOT_EVENT_TYPES } from '@parley/contract/events'
import { expect, test } from 'vitest'
import { someConversation, someFacts } from './change-facts.fixture.ts'
import { cbotEventType } from './event-type.ts'

const agent: Originator = { userId: '7', pid: 'pid-7', role: 'ASSIGNED_AGENT' }
const normal = { ttrType: 'NORMAL', value: 3600 } as const
const urgent = { ttrType: 'URGENT', value: 300 } as const
const people = {
  userId: '7',
  role: 'AGENT',
  before: [],
  after: [{ id: 'p', role: 'AGENT' }],
} as const
const participants = { ...people, before: [], after: [...people.after] }
const message: ConversationChange = {
  kind: 'message',
  dialogId: someConversation().conversationId,
  sequence: 3,
  role: 'CONSUMER',
}
const closed = (by: 'AGENT' | 'CONSUMER' | 'SYSTEM'): ConversationChange => ({
  kind: 'closed',
  by,
  autoClosed: false,
  wholeConversation: false,
})
const reopened = (autoClosed: boolean): ConversationChange => ({
  kind: 'opened',
  firstConversation: false,
  previous: { endAt: 0, autoClosed },
})

const cases: [string, ConversationChange, Partial<ChangeFacts>?][] = [
  [
    'CONSUMER_OPEN_NEW_CONVERSATION_FIRST_TIME_OFF_HOURS',
    { kind: 'opened', firstConversation: true },
    { offHours: true },
  ],
  ['CONSUMER_OPEN_NEW_CONVERSATION_OFF_HOURS', reopened(false), { offHours: true }],
  ['CONSUMER_OPEN_NEW_CONVERSATION_FIRST_TIME', { kind: 'opened', firstConversation: true }],
  ['CONSUMER_OPEN_NEW_CONVERSATION', reopened(false)],
  ['CONSUMER_OPEN_NEW_CONVERSATION_AFTER_AUTOCLOSE', reopened(true)],
  ['AGENT_END_CONVERSATION', closed('AGENT')],
  ['CONSUMER_END_CONVERSATION', closed('CONSUMER')],
  ['SYSTEM_END_CONVERSATION', closed('SYSTEM')],
  ['ENGAGEMENT_TRANSFERED', { kind: 'skill-changed', from: '1', to: '2' }],
  ['YOU_ARE_CONNECTED_TO', { kind: 'assigned', ...participants }],
  ['BACK_TO_QUEUE', { kind: 'unassigned', ...participants }],
  ['ANOTHER_AGENT_JOINED_CONVERSATION', { kind: 'joined', ...participants }],
  ['JOINED_AGENT_LEFT_CONVERSATION', { kind: 'left', ...participants }],
  [
    'AGENT_UPDATED_RESPONSE_TIME',
    { kind: 'ttr-changed', from: normal, to: urgent },
    { originator: agent },
  ],
  ['CONSUMER_CANCELED_URGENT_RESPONSE_TIME', { kind: 'ttr-changed', from: urgent, to: normal }],
  ['CONSUMER_ASKED_URGENT_RESPONSE_TIME', { kind: 'ttr-changed', from: normal, to: urgent }],
  ['CONSUMER_SEND_MESSAGE_ON_OFFHOURS', message, { offHours: true }],
  ['CONV_AWAITING_IN_QUEUE', { kind: 'idle', idle: 'queue' }],
  ['AGENT_NON_RESPONSIVE', { kind: 'idle', idle: 'agent' }],
  ['CONSUMER_NON_RESPONSIVE', { kind: 'idle', idle: 'consumer' }],
  ['CONSUMER_STEP_UP', { kind: 'stepped-up', from: 'a', to: 'b' }],
]

test('every kind has a case here', () => {
  expect(cases.map(([type]) => type).sort()).toEqual(Object.keys(CBOT_EVENT_TYPES).sort())
})

test.each(cases)('%s', (type, change, facts) => {
  expect(cbotEventType(someFacts(change, facts))).toBe(type)
})

test('a response time set by hand is an update by the agent', () => {
  const facts = someFacts({ kind: 'manual-ettr', at: 1 }, { originator: agent })
  expect(cbotEventType(facts)).toBe('AGENT_UPDATED_RESPONSE_TIME')
})

const silent: [string, ConversationChange, Partial<ChangeFacts>?][] = [
  ['a transfer to the same skill', { kind: 'skill-changed', from: '1', to: '1' }],
  ['the same response time', { kind: 'ttr-changed', from: urgent, to: { ...urgent } }],
  [
    'the same response time, set by an agent',
    { kind: 'ttr-changed', from: urgent, to: { ...urgent } },
    { originator: agent },
  ],
  [
    'a consumer changing between other kinds than urgent',
    { kind: 'ttr-changed', from: normal, to: { ttrType: 'PRIORITIZED', value: 600 } },
  ],
  ['the same participants', { kind: 'joined', ...participants, before: participants.after }],
  ['a message in office hours', message],
  [
    'a message in off-hours, in a conversation that was opened in off-hours',
    message,
    { offHours: true, conversation: someConversation({ openedOffHours: true }) },
  ],
  ["an agent's message in off-hours", { ...message, role: 'ASSIGNED_AGENT' }, { offHours: true }],
  ['an answer to a survey in off-hours', { ...message, dialogId: 'survey' }, { offHours: true }],
  ['the end of a survey', { kind: 'survey-closed', dialogId: 'survey', by: 'AGENT' }],
]

test.each(silent)('%s is no event', (_, change, facts) => {
  expect(cbotEventType(someFacts(change, facts))).toBeUndefined()
})
