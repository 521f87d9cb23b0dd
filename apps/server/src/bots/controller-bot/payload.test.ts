import type { ChangeFacts, ConversationChange } from '@parley/contract'
import { findEvent, type MessagingPayload, raisedEvent } from '@parley/contract/events'
import { expect, test } from 'vitest'
import { opened, someConversation, someFacts } from './change-facts.fixture.ts'
import { idleTimings } from './idle-timings.ts'
import { messagingPayload } from './payload.ts'

const timings = idleTimings(
  [
    {
      type: 'CONSUMER_NON_RESPONSIVE',
      timing: { time: 45, timeUnits: 'seconds', repeat: 1 },
    },
  ],
  '1001',
)

/** The published payload. A section of an event that only this server knows is checked by its schema. */
function published({
  general,
  end,
  idle,
  mid,
  participantChange,
  routing,
  start,
  ttr,
}: MessagingPayload) {
  return { general, end, idle, mid, participantChange, routing, start, ttr }
}

function payloadOf(facts: ChangeFacts) {
  const raised = raisedEvent(facts)
  if (!raised) throw new Error('No event')
  const payload = messagingPayload('12345678', raised, facts, timings)
  const parsed = findEvent(raised.eventId)?.payload.safeParse(payload)
  expect(parsed?.error).toBeUndefined()
  return published(payload)
}

const normal = { ttrType: 'NORMAL', value: 3600 }
/** The sections of a conversation in which nothing of theirs has changed. */
const unchanged = {
  end: {},
  idle: {},
  mid: {},
  participantChange: { oldParticipants: [], newParticipants: [] },
  routing: { oldSkillId: '1001', newSkillId: '1001' },
  start: { firstConversation: true },
  ttr: { oldTtr: normal, newTtr: normal },
}

test('a bare conversation has the fields that are always there, and no other', () => {
  expect(payloadOf(someFacts(opened))).toEqual({
    general: {
      cbotEventType: 'CONSUMER_OPEN_NEW_CONVERSATION_FIRST_TIME',
      type: 'UPSERT',
      convId: 'c840e51e-5f65-4ad4-8d34-5c82b99a2200',
      dialogId: 'c840e51e-5f65-4ad4-8d34-5c82b99a2200',
      startTs: 1_528_463_744_663,
      effectiveTTR: 1_528_464_044_687,
      oldConvState: 'CLOSE',
      newConvState: 'OPEN',
      inOffHours: false,
      originatorId: '49b673cb7d08168a9f14640346340237',
      originatorPid: '49b673cb7d08168a9f14640346340237',
      originatorMetadata: { id: '49b673cb7d08168a9f14640346340237', role: 'CONSUMER' },
      serverTimestamp: 1_528_463_781_807,
    },
    ...unchanged,
  })
})

test('every optional field comes from the conversation, misspelt names under both spellings', () => {
  const conversation = someConversation({
    context: {
      type: 'SharkContext',
      lang: 'de-DE',
      visitorId: '1528463744580',
      sessionId: 'iGY4vsiETB',
    },
    clientProperties: { features: ['AUTO_MESSAGES', 'RICH_CONTENT'] },
    campaignInfo: { campaignId: '2327699812', engagementId: 2327699912 },
    clientIp: '172.26.138.38',
    manualEttr: 1_541_152_938_069,
    lastContent: {
      sequence: 4,
      dialogId: 'c840e51e-5f65-4ad4-8d34-5c82b99a2200',
      at: 11,
      originator: { userId: '7', pid: 'pid-7', role: 'ASSIGNED_AGENT' },
      event: { type: 'ContentEvent' },
    },
    lastAgentMessageAt: 12,
    backToQueueAt: 13,
  })
  expect(payloadOf(someFacts(opened, { conversation, offHours: true })).general).toMatchObject({
    sessionId: 'iGY4vsiETB',
    contexttype: 'SharkContext',
    contextType: 'SharkContext',
    messagingChannel: 'SharkContext',
    campaignInfo: {
      id: 2327699812,
      campaignId: 2327699812,
      engangementId: 2327699912,
      engagementId: 2327699912,
    },
    originatorMetadata: {
      role: 'CONSUMER',
      clientProperties: {
        type: '.ClientProperties',
        features: ['AUTO_MESSAGES', 'RICH_CONTENT'],
      },
    },
    clientLanguage: 'de-DE',
    clientFeatures: ['AUTO_MESSAGES', 'RICH_CONTENT'],
    inOffHours: true,
    visitorId: 1528463744580,
    clientIpAdress: '172.26.138.38',
    clientIpAddress: '172.26.138.38',
    manualETTR: '1541152938069',
    lastMessageComposer: 'ASSIGNED_AGENT',
    lastMessageTs: 11,
    lastAgentMsgTs: 12,
    backToQueueTs: 13,
  })
})

test('features may come with the request for the conversation', () => {
  const nested = someConversation({ context: { clientProperties: { features: ['A'] } } })
  const flat = someConversation({ context: { features: ['B', 7] } })
  expect(payloadOf(someFacts(opened, { conversation: nested })).general.clientFeatures).toEqual([
    'A',
  ])
  expect(payloadOf(someFacts(opened, { conversation: flat })).general.clientFeatures).toEqual(['B'])
})

test('an agent is named with its account, as text: a number would lose the zero at its end', () => {
  const originator = { userId: '23', pid: 'pid-23', role: 'ASSIGNED_AGENT' } as const
  expect(payloadOf(someFacts(opened, { originator })).general).toMatchObject({
    originatorId: '12345678.23',
    originatorPid: 'pid-23',
    originatorMetadata: { id: 'pid-23', role: 'ASSIGNED_AGENT' },
  })
  const tenth = { ...originator, userId: '10' }
  expect(payloadOf(someFacts(opened, { originator: tenth })).general.originatorId).toBe(
    '12345678.10',
  )
})

test('a closed conversation has no due time, and says what it was before', () => {
  const conversation = someConversation({ state: 'CLOSE', effectiveTtr: -1 })
  const change = {
    kind: 'closed',
    by: 'AGENT',
    autoClosed: false,
    wholeConversation: false,
  } as const
  expect(payloadOf(someFacts(change, { conversation }))).toMatchObject({
    general: { oldConvState: 'OPEN', newConvState: 'CLOSE', effectiveTTR: -1 },
    end: { closeReason: 'AGENT' },
  })
})

const before = [{ id: 'p1', role: 'CONSUMER' as const }]
const after = [...before, { id: 'p2', role: 'AGENT' as const }]
const people = { userId: '7', role: 'AGENT' as const, before, after }
const ttr = {
  from: { ttrType: 'NORMAL', value: 600 },
  to: { ttrType: 'URGENT', value: 300 },
} as const

test.each<[ConversationChange, object]>([
  [
    { kind: 'skill-changed', from: '1', to: '2' },
    { routing: { oldSkillId: '1', newSkillId: '2' } },
  ],
  [
    { kind: 'joined', ...people },
    { participantChange: { oldParticipants: before, newParticipants: after } },
  ],
  [{ kind: 'ttr-changed', ...ttr }, { ttr: { oldTtr: ttr.from, newTtr: ttr.to } }],
  [
    { kind: 'manual-ettr', at: 5 },
    {
      ttr: {
        oldTtr: { ttrType: 'NORMAL', value: 3600 },
        newTtr: { ttrType: 'NORMAL', value: 3600 },
      },
    },
  ],
  [{ kind: 'stepped-up', from: 'a', to: 'b' }, {}],
  [
    { kind: 'idle', idle: 'consumer' },
    {
      idle: {
        agentNonResponsive: { time: 30, timeUnits: 'minutes' },
        consumserNonResponsive: { time: 45, timeUnits: 'seconds' },
        consumerNonResponsive: { time: 45, timeUnits: 'seconds' },
        convNotTakenTime: { time: 30, timeUnits: 'minutes' },
      },
    },
  ],
])('%j fills its own section, the others tell the current state', (change, section) => {
  const { general, ...sections } = payloadOf(someFacts(change))
  expect(general.oldConvState).toBe('OPEN')
  expect(sections).toEqual({ ...unchanged, ...section })
})

test('a conversation without a skill has -1 in both fields', () => {
  const conversation = someConversation({ skillId: '-1' })
  expect(payloadOf(someFacts(opened, { conversation })).routing).toEqual({
    oldSkillId: '-1',
    newSkillId: '-1',
  })
})

test('a client that has said nothing has no properties: its address is not its word', () => {
  const conversation = someConversation({ clientProperties: { ipAddress: '10.0.0.1' } })
  const { originatorMetadata } = payloadOf(someFacts(opened, { conversation })).general
  expect(Object.keys(originatorMetadata)).toEqual(['id', 'role'])
})

test("the payload of an idle conversation has the consumer's last message", () => {
  const conversation = someConversation({ lastConsumerMessageAt: 99 })
  const { idle } = payloadOf(someFacts({ kind: 'idle', idle: 'agent' }, { conversation }))
  expect(idle.lastConsumerMsgTs).toBe(99)
})

test('a message in off-hours says how the conversation was opened', () => {
  const conversation = someConversation()
  const change = {
    kind: 'message',
    dialogId: conversation.conversationId,
    sequence: 1,
    role: 'CONSUMER',
  } as const
  expect(payloadOf(someFacts(change, { conversation, offHours: true })).mid).toEqual({
    openedInOffHours: false,
  })
})
