import { ChangeFacts, type ConversationChange, type Originator } from '@parley/contract'
import {
  CBOT_EVENT_TYPES,
  eventIdOf,
  findEvent,
  MESSAGING_EVENTS,
  raisedEvent,
  TYPE_DEFINITIONS,
} from '@parley/contract/events'
import { expect, test } from 'vitest'
import { someConversation, someFacts } from './change-facts.fixture.ts'
import { messagingPayload } from './payload.ts'

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

/** The published types, each with a change that raises it, independent of the examples of the events' files. */
const published: [string, ConversationChange, Partial<ChangeFacts>?][] = [
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

test.each(published)('%s', (type, change, facts) => {
  expect(raisedEvent(someFacts(change, facts))?.type).toBe(type)
})

type AnyTrigger = { type(change: ConversationChange, facts: ChangeFacts): string | undefined }

/** What an event's file says of kinds of change, read as if each trigger took every kind. */
function triggersOf(raisedBy: object): Partial<Record<string, AnyTrigger>> {
  return raisedBy as Partial<Record<string, AnyTrigger>>
}

/** Every type, with the change that its event's file gives as an example. */
const examples = CBOT_EVENT_TYPES.map((type) => {
  const { change, ...others } = TYPE_DEFINITIONS[type].example
  return { type, facts: someFacts(change, others) }
})

test.each(examples)('$type is raised by its example, and by one event only', ({ type, facts }) => {
  expect(raisedEvent(facts)).toMatchObject({ type, eventId: eventIdOf(type) })
  const naming = MESSAGING_EVENTS.filter(({ raisedBy }) =>
    triggersOf(raisedBy)[facts.change.kind]?.type(facts.change, facts),
  )
  expect(naming.map(({ id }) => id)).toEqual([eventIdOf(type)])
})

const timing = { time: 30, timeUnits: 'minutes', repeat: 1 } as const
const timings = { queue: timing, agent: timing, consumer: timing }

test.each(examples)('the payload of $type follows the schema of its event', ({ facts }) => {
  const raised = raisedEvent(facts)
  if (!raised) throw new Error('No event')
  const payload = messagingPayload('12345678', raised, facts, timings)
  expect(findEvent(raised.eventId)?.payload.safeParse(payload).error).toBeUndefined()
})

test('a consumer that returns counts as such, not as a new one, in off-hours too', () => {
  const previous = { endAt: 0, autoClosed: false }
  const again = someFacts({ kind: 'opened', firstConversation: false, previous })
  expect(raisedEvent(again)?.type).toBe('CONSUMER_OPEN_NEW_CONVERSATION')
  const closedNow = { ...again, offHours: true }
  expect(raisedEvent(closedNow)?.type).toBe('CONSUMER_OPEN_NEW_CONVERSATION_OFF_HOURS')
})

test('a stored row of a message, which nodes of version 0.1.0 handle too, is read as a message', () => {
  const facts = someFacts(message)
  expect(ChangeFacts.parse({ ...facts, change: { ...message, kind: 'line' } })).toEqual(facts)
})

test('a response time set by hand is an update by the agent', () => {
  const facts = someFacts({ kind: 'manual-ettr', at: 1 }, { originator: agent })
  expect(raisedEvent(facts)?.type).toBe('AGENT_UPDATED_RESPONSE_TIME')
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
  expect(raisedEvent(someFacts(change, facts))).toBeUndefined()
})
