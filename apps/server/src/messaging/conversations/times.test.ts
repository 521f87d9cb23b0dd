import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type ConsumerSocket,
  servedConversation,
  startTestServer,
  type TestServer,
  twoNodeAccount,
} from '#testing'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ nodes: 2 })
})
afterAll(() => server[Symbol.asyncDispose]())

test('an answer is due by the urgency, counted from the oldest message without an answer', async () => {
  const on = await twoNodeAccount(server)
  await using consumer = await on.newConsumer()
  await using agent = await on.newAgent()
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001', ttrDefName: 'URGENT' })
  const due = () =>
    consumer.notifications
      .flatMap(({ body }) => body.changes ?? [])
      .findLast(({ result }) => result?.convId === conversationId)?.result.effectiveTTR
  await agent.accept(conversationId)
  await consumer.say(conversationId, 'first')
  const asked = server.clock.now()
  await server.clock.advance(10_000)
  await consumer.say(conversationId, 'second')
  await consumer.until(() => due() === asked + 300_000, 'the due time')

  await agent.update(conversationId, { field: 'TTRField', ttrType: 'CUSTOM', value: 42 })
  await consumer.until(() => due() === asked + 42_000, 'the custom time')
  await agent.update(conversationId, { field: 'ManualETTR', time: asked + 5_000_000 })
  await consumer.until(() => due() === asked + 5_000_000, 'the manual time')
  const refused = await consumer.request('cm.UpdateConversationField', {
    conversationId,
    conversationField: { field: 'TTRField', ttrType: 'PRIORITIZED' },
  })
  expect(refused.code).toBe(403)
  await agent.update(conversationId, {
    field: 'ConversationStateField',
    conversationState: 'CLOSE',
  })
  await consumer.until(() => due() === -1, 'the close')
})

test('a conversation that waits for its consumer is closed after its time, and only then', async () => {
  const on = await twoNodeAccount(server)
  await on.admin('PATCH', 'settings', { messaging: { autoCloseMs: 25 * MINUTE_MS } })
  await using consumer = await on.newConsumer()
  await using agent = await on.newAgent()
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)
  const isClosed = () => agent.details(conversationId)?.stage === 'CLOSE'
  await consumer.say(conversationId, 'anybody?')
  await server.clock.advance(60 * MINUTE_MS)
  expect(isClosed()).toBe(false)

  await agent.say(conversationId, 'yes')
  await server.clock.advance(24 * MINUTE_MS)
  await agent.say(conversationId, 'are you there?')
  await server.clock.advance(24 * MINUTE_MS)
  expect(isClosed()).toBe(false)
  await server.clock.advance(MINUTE_MS)
  await agent.until(isClosed, 'the close')
  expect(agent.details(conversationId)).toMatchObject({ closeReason: 'SYSTEM' })
})

test.each([
  { of: 'the account', messaging: { autoCloseMs: 25 * MINUTE_MS } },
  { of: 'a skill', messaging: { autoCloseMsBySkill: { 1001: 25 * MINUTE_MS } } },
])(
  'a conversation that waits already is closed by a shorter time of $of',
  async ({ messaging }) => {
    await using on = await servedConversation(server)
    const { agent, conversationId } = on
    const isClosed = () => agent.details(conversationId)?.stage === 'CLOSE'
    await agent.say(conversationId, 'are you there?')
    await server.clock.advance(10 * MINUTE_MS)

    await on.admin('PATCH', 'settings', { messaging })

    await server.clock.advance(14 * MINUTE_MS)
    expect(isClosed()).toBe(false)
    await server.clock.advance(MINUTE_MS)
    await agent.until(isClosed, 'the close')
  },
)

test('a conversation with a response time set by hand is not closed by itself, and no survey follows a close by itself', async () => {
  const on = await twoNodeAccount(server)
  await on.admin('PATCH', 'settings', { messaging: { autoCloseMs: 25 * MINUTE_MS } })
  const survey = await on.admin('POST', 'surveys', {
    name: 'How was it?',
    fallback: 'Please choose an answer',
    questions: [{ id: 'csat', kind: 'CSAT', text: 'How satisfied are you?' }],
  })
  const { surveyId } = survey.json<{ surveyId: number }>()
  await on.admin('PUT', `surveys/${surveyId}/skills`, { skillIds: ['1001'] })
  await using byHand = await on.newConsumer()
  await using consumer = await on.newConsumer()
  await using agent = await on.newAgent()
  await agent.goOnline()
  const waits = await byHand.openConversation({ skillId: '1001' })
  const closes = await consumer.openConversation({ skillId: '1001' })
  for (const conversationId of [waits, closes]) {
    await agent.accept(conversationId)
    await agent.say(conversationId, 'are you there?')
  }
  const time = server.clock.now() + 90 * MINUTE_MS
  await agent.update(waits, { field: 'ManualETTR', time })
  await server.clock.advance(25 * MINUTE_MS)
  await agent.until(() => agent.details(closes).stage === 'CLOSE', 'the close')
  expect(agent.details(closes).dialogs).toHaveLength(1)
  await server.clock.advance(60 * MINUTE_MS)
  expect(agent.details(waits).stage).toBe('OPEN')
})

test('a response time set by hand ends when the consumer asks anew after it, or when it is taken back', async () => {
  const on = await twoNodeAccount(server)
  await using consumer = await on.newConsumer()
  await using agent = await on.newAgent()
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)
  const due = () =>
    agent.notifications
      .flatMap(({ body }) => body.changes ?? [])
      .findLast(({ result }) => result?.convId === conversationId)?.result.effectiveTTR
  const manual = () => agent.details(conversationId).manualETTR
  const setByHand = (time: number) => agent.update(conversationId, { field: 'ManualETTR', time })
  await consumer.say(conversationId, 'When does it come?')
  const asked = server.clock.now()
  const inTheEvening = asked + 80 * MINUTE_MS
  await setByHand(inTheEvening)
  await agent.until(() => due() === inTheEvening, 'the time set by hand')
  await setByHand(0)
  await agent.until(() => due() === asked + 3_600_000, 'the time without it')
  expect(manual()).toBeUndefined()

  await setByHand(inTheEvening)
  await agent.say(conversationId, 'I ask them, and tell you in the evening')
  await consumer.say(conversationId, 'Fine')
  await agent.until(() => due() === inTheEvening, 'the promised time')
  await server.clock.advance(80 * MINUTE_MS + 1)
  await consumer.say(conversationId, 'And?')
  await agent.say(conversationId, 'It comes tomorrow')
  expect(manual()).toBe(inTheEvening)

  await consumer.say(conversationId, 'What does it cost?')
  const askedAnew = server.clock.now()
  await agent.until(() => due() === askedAnew + 3_600_000, 'the time of the new question')
  expect(manual()).toBeUndefined()
})

test('a conversation opened while the centre is closed says until when, and is due after that', async () => {
  const on = await twoNodeAccount(server)
  await on.admin('PUT', 'calendars/account', {
    timeZone: 'UTC',
    week: { monday: [{ from: '12:00', to: '13:00' }] },
  })
  await using consumer = await on.newConsumer()
  const conversationId = await consumer.openConversation()
  await consumer.until(() => consumer.details(conversationId) !== undefined)
  const { delay } = consumer.details(conversationId)
  expect(delay.type).toMatch(/NIGHT|WEEKEND|HOLIDAY/)
  expect(delay.tillWhen).toBeGreaterThan(server.clock.now())
  expect(new Date(delay.tillWhen).getUTCHours()).toBe(12)
})

test('on the day when the clock changes, a conversation waits for the opening by the wall clock', async () => {
  const on = await twoNodeAccount(server)
  // Its clock changes soon after the one of the test begins: in Ramadan it is an hour slow.
  await on.admin('PUT', 'calendars/account', {
    timeZone: 'Africa/Casablanca',
    week: { sunday: [{ from: '09:00', to: '17:00' }] },
  })
  await server.clock.advance(Date.UTC(2026, 1, 14, 20) - server.clock.now())
  await using consumer = await on.newConsumer()
  const conversationId = await consumer.openConversation()
  await consumer.until(() => consumer.details(conversationId) !== undefined)
  const opening = Date.UTC(2026, 1, 15, 9)
  expect(consumer.details(conversationId).delay.tillWhen).toBe(opening)

  await server.clock.advance(opening - server.clock.now())
  await consumer.say(conversationId, 'are you there now?')
  await consumer.until(() => consumer.details(conversationId).delay === undefined, 'the opening')
})

/** An account that opens at noon, in its last hours before; one of its skills is always open. */
async function closedAccount() {
  const on = await twoNodeAccount(server)
  const opening = Math.ceil(server.clock.now() / DAY_MS) * DAY_MS + 12 * 60 * MINUTE_MS
  const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
  const calendar = (from: string) => {
    const week = Object.fromEntries(days.map((day) => [day, [{ from, to: '24:00' }]]))
    return { timeZone: 'UTC', week }
  }
  await on.admin('PUT', 'calendars/account', calendar('12:00'))
  await on.admin('PUT', 'calendars/1001', calendar('00:00'))
  await server.clock.advance(opening - 2 * 60 * MINUTE_MS - server.clock.now())
  return { ...on, opening }
}

function dueOf({ notifications }: ConsumerSocket, conversationId: string): number {
  return notifications
    .flatMap(({ body }) => body.changes ?? [])
    .findLast(({ result }) => result?.convId === conversationId)?.result.effectiveTTR
}

test('what was written while the centre was closed stays due after the opening, whatever the consumer does then', async () => {
  const { opening, ...on } = await closedAccount()
  await using consumer = await on.newConsumer()
  const conversationId = await consumer.openConversation()
  const due = () => dueOf(consumer, conversationId)
  await consumer.say(conversationId, 'is anybody there?')
  await consumer.until(() => due() > opening, 'the due time')
  const respondBy = due()

  await server.clock.advance(opening + MINUTE_MS - server.clock.now())
  await consumer.say(conversationId, 'are you there now?')
  await consumer.message(conversationId, ({ text }) => text === 'are you there now?')
  await consumer.until(() => consumer.details(conversationId).delay === undefined, 'the opening')
  expect(due() - respondBy).toBe(0)
  const conversationField = { field: 'TTRField', ttrType: 'URGENT' }
  await consumer.request('cm.UpdateConversationField', { conversationId, conversationField })
  await consumer.until(() => due() === opening + 5 * MINUTE_MS, 'the urgent time')

  await using agent = await on.newAgent()
  await agent.goOnline()
  await agent.accept(conversationId)
  await agent.say(conversationId, 'yes')
  await server.clock.advance(MINUTE_MS)
  await consumer.say(conversationId, 'good')
  const asked = server.clock.now()
  await consumer.until(() => due() === asked + 5 * MINUTE_MS, 'the time of a new message')
})

test('a conversation that moves to another skill is due by the hours of that skill', async () => {
  const { opening, ...on } = await closedAccount()
  await using consumer = await on.newConsumer()
  await using agent = await on.newAgent()
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  const due = () => dueOf(consumer, conversationId)
  await agent.accept(conversationId)
  await consumer.say(conversationId, 'is anybody there?')
  await consumer.until(() => due() === server.clock.now() + 60 * MINUTE_MS, 'the due time')

  await agent.update(conversationId, { field: 'Skill', type: 'UPDATE', skill: '1002' })
  await consumer.until(() => due() === opening + 60 * MINUTE_MS, 'the time after the opening')
  expect(consumer.details(conversationId).delay.tillWhen).toBe(opening)
  await server.clock.advance(MINUTE_MS)
  await agent.update(conversationId, { field: 'Skill', type: 'UPDATE', skill: '1001' })
  await consumer.until(() => due() === server.clock.now() + 60 * MINUTE_MS, 'the time from now on')
  expect(consumer.details(conversationId)).not.toHaveProperty('delay')
})
