import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  type ConsumerSocket,
  lambdasOf,
  openAgentSocket,
  openConsumerSocket,
  type Scene,
  startTestServer,
  type TestServer,
} from '#testing'

// Every rule of time that an account can configure follows the clock, one row each: nothing happens before its time, and it has happened
// when the move is answered. A new rule is a new row.

const SECOND_MS = 1_000
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ wallClock: 'system' })
})
afterAll(() => server[Symbol.asyncDispose]())

interface Talk {
  conversationId: string
  consumer: ConsumerSocket
}

interface Rule {
  rule: string
  afterMs: number
  /** When it has not happened yet; nine tenths of the time unless given. */
  notYetMs?: number
  /** Prepares the account; what comes back reads what the rule changes. */
  given(scene: Scene, opened: AsyncDisposableStack): Promise<() => Promise<unknown>>
  before: unknown
  afterwards: unknown
}

const CLIENT = { features: ['AUTO_MESSAGES', 'MULTI_DIALOG', 'QUICK_REPLIES', 'RICH_CONTENT'] }

async function open(scene: Scene, opened: AsyncDisposableStack, body = {}): Promise<Talk> {
  const consumer = opened.use(await openConsumerSocket(scene, { clientProperties: CLIENT }))
  const conversationId = await consumer.openConversation({ skillId: '1001', ...body })
  return { consumer, conversationId }
}

/** An agent has taken the conversation, and said something. */
async function served(scene: Scene, opened: AsyncDisposableStack): Promise<Talk> {
  const talk = await open(scene, opened)
  const agent = opened.use(await openAgentSocket(scene, scene.agents[0]!))
  await agent.goOnline()
  await agent.accept(talk.conversationId)
  await agent.say(talk.conversationId, 'What is your order number?')
  return talk
}

async function closeDialog({ consumer, conversationId }: Talk): Promise<void> {
  const dialog = { dialogId: conversationId, state: 'CLOSE' }
  const conversationField = [{ field: 'DialogChange', type: 'UPDATE', dialog }]
  await consumer.request('cm.UpdateConversationField', { conversationId, conversationField })
}

async function surveyed(
  scene: Scene,
  opened: AsyncDisposableStack,
  definition: object,
): Promise<string> {
  const questions = [{ id: 'csat', kind: 'CSAT', text: 'How satisfied are you?' }]
  const survey = { name: 'A survey', fallback: 'Please choose', questions, ...definition }
  const { surveyId } = await call<{ surveyId: number }>(scene, 'POST', 'surveys', survey)
  await call(scene, 'PUT', `surveys/${surveyId}/skills`, { skillIds: ['1001'] })
  const talk = await served(scene, opened)
  await closeDialog(talk)
  await call(scene, 'POST', 'clock', { move: 'by', ms: 1 })
  return talk.conversationId
}

const stageOf = (scene: Scene, conversationId: string) => async () =>
  (await call<{ stage: string }>(scene, 'GET', `conversations/${conversationId}`)).stage

/** How often the Controller Bot has said something. */
const saidBy = (scene: Scene, conversationId: string, text: RegExp) => async () => {
  const path = `conversations/${conversationId}/timeline?kind=message`
  const { entries } = await call<{ entries: { event: { message?: string } }[] }>(scene, 'GET', path)
  return entries.filter(({ event }) => text.test(event.message ?? '')).length
}

function setMessage(scene: Scene, type: string, minutes: number): Promise<unknown> {
  const timing = { time: minutes, timeUnits: 'minutes', repeat: 1 }
  return call(scene, 'PUT', `automatic-messages/${type}`, { text: 'By the clock', timing })
}

const rules: Rule[] = [
  {
    rule: 'idle: the consumer does not answer',
    afterMs: 30 * MINUTE_MS,
    async given(scene, opened) {
      await setMessage(scene, 'CONSUMER_NON_RESPONSIVE', 30)
      const { conversationId } = await served(scene, opened)
      return saidBy(scene, conversationId, /By the clock/)
    },
    before: 0,
    afterwards: 1,
  },
  {
    rule: 'idle: the agent does not answer',
    afterMs: 7 * MINUTE_MS,
    async given(scene, opened) {
      await setMessage(scene, 'AGENT_NON_RESPONSIVE', 7)
      const { consumer, conversationId } = await served(scene, opened)
      await consumer.say(conversationId, 'Hello?')
      return saidBy(scene, conversationId, /By the clock/)
    },
    before: 0,
    afterwards: 1,
  },
  {
    rule: 'idle: nobody takes the conversation',
    afterMs: 5 * MINUTE_MS,
    async given(scene, opened) {
      await setMessage(scene, 'CONV_AWAITING_IN_QUEUE', 5)
      const { conversationId } = await open(scene, opened)
      return saidBy(scene, conversationId, /By the clock/)
    },
    before: 0,
    afterwards: 1,
  },
  {
    rule: 'auto-close',
    afterMs: 25 * MINUTE_MS,
    async given(scene, opened) {
      await call(scene, 'PATCH', 'settings', { messaging: { autoCloseMs: 25 * MINUTE_MS } })
      const { conversationId } = await served(scene, opened)
      return stageOf(scene, conversationId)
    },
    before: 'OPEN',
    afterwards: 'CLOSE',
  },
  {
    rule: 'off-hours',
    afterMs: 2 * HOUR_MS,
    async given(scene) {
      const day = new Date(scene.clock.now())
      const name = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
      const to = new Date(scene.clock.now() + 2 * HOUR_MS).toISOString().slice(11, 16)
      const week = { [name[day.getUTCDay()] ?? '']: [{ from: '00:00', to }] }
      await call(scene, 'PUT', 'calendars/account', { timeZone: 'UTC', week })
      return async () => (await call<{ offHours: boolean }>(scene, 'GET', 'shift-status')).offHours
    },
    before: false,
    afterwards: true,
  },
  {
    rule: 'an unfinished survey',
    afterMs: 30 * MINUTE_MS,
    async given(scene, opened) {
      const conversationId = await surveyed(scene, opened, { expiresAfterMinutes: 30 })
      const path = `survey-runs?conversationId=${conversationId}`
      return async () =>
        (await call<{ runs: { outcome?: string }[] }>(scene, 'GET', path)).runs[0]?.outcome ??
        'open'
    },
    before: 'open',
    afterwards: 'expired',
  },
  {
    rule: 'the 48 hours of a survey',
    afterMs: 48 * HOUR_MS,
    async given(scene, opened) {
      const conversationId = await surveyed(scene, opened, {})
      // Only a bot that cannot go on leaves a survey for so long.
      const { db } = scene.context.store
      await db.deleteFrom('surveyRevision').where('accountId', '=', scene.accountId).execute()
      return stageOf(scene, conversationId)
    },
    before: 'OPEN',
    afterwards: 'CLOSE',
  },
  {
    rule: 'schedules',
    afterMs: 10 * MINUTE_MS,
    async given(scene, opened) {
      const functionId = await lambdasOf(scene).deployed('const lambda = async () => 1')
      const body = { functionId, cronExpression: '*/10 * * * *' }
      const { scheduleId } = await call<{ scheduleId: string }>(scene, 'POST', 'schedules', body)
      const path = `schedules/${scheduleId}/runs`
      opened.defer(() => call(scene, 'DELETE', `schedules/${scheduleId}`))
      await call(scene, 'POST', 'clock', { move: 'next' })
      return async () => (await call<{ runs: object[] }>(scene, 'GET', path)).runs.length
    },
    before: 1,
    afterwards: 2,
  },
  {
    rule: 'the retention of conversations',
    // Midnight comes in between.
    afterMs: 4 * DAY_MS,
    notYetMs: 1.9 * DAY_MS,
    async given(scene, opened) {
      await call(scene, 'PATCH', 'settings', { retention: { conversationDays: 2 } })
      const talk = await served(scene, opened)
      await closeDialog(talk)
      const path = `/conversations/${talk.conversationId}`
      return async () => (await lambdasOf(scene).native('GET', path)).status
    },
    before: 200,
    afterwards: 404,
  },
  {
    rule: 'a chat that nobody takes',
    afterMs: 10 * MINUTE_MS,
    async given(scene) {
      await call(scene, 'PUT', 'chat-settings', { notTakenAfterMs: 10 * MINUTE_MS })
      const path = `/api/v1/accounts/${scene.accountId}/consumer/chats`
      const body = { skillId: '1001', name: 'Ada' }
      const reply = await scene.request('POST', path, { body })
      const { chatId } = reply.json<{ chat: { chatId: string } }>().chat
      return async () =>
        (await call<{ chat: { stage: string } }>(scene, 'GET', `chats/${chatId}`)).chat.stage
    },
    before: 'waiting',
    afterwards: 'ended',
  },
  {
    rule: 'how long an agent is asked',
    afterMs: 40 * SECOND_MS,
    async given(scene, opened) {
      await call(scene, 'PATCH', 'settings', { messaging: { ringMs: 40 * SECOND_MS } })
      const agent = opened.use(await openAgentSocket(scene, scene.agents[0]!))
      await agent.goOnline()
      const { conversationId } = await open(scene, opened)
      await agent.ring(conversationId)
      const path = `conversations/${conversationId}`
      const asked = async () => {
        const { timers } = await call<{ timers: { name: string; at: string }[] }>(
          scene,
          'GET',
          path,
        )
        return timers.find(({ name }) => name === 'ring')?.at
      }
      const first = await asked()
      return async () => (await asked()) === first
    },
    before: true,
    afterwards: false,
  },
  {
    rule: 'what a function sees as the date',
    afterMs: DAY_MS,
    async given(scene) {
      const lambdas = lambdasOf(scene)
      const since = scene.clock.now()
      const code = `const lambda = async () => Math.floor((Date.now() - ${since}) / ${DAY_MS})`
      const functionId = await lambdas.deployed(code)
      return async () => Number((await lambdas.invoke(functionId, {})).text)
    },
    before: 0,
    afterwards: 1,
  },
]

test.each(rules)(
  '$rule follows the clock',
  async ({ given, afterMs, notYetMs, before, afterwards }) => {
    const scene = await anotherScene(server)
    await using opened = new AsyncDisposableStack()
    const look = await given(scene, opened)
    const soonMs = notYetMs ?? Math.floor(afterMs * 0.9)
    await call(scene, 'POST', 'clock', { move: 'by', ms: soonMs })
    expect(await look()).toEqual(before)
    await call(scene, 'POST', 'clock', { move: 'by', ms: afterMs - soonMs + SECOND_MS })
    expect(await look()).toEqual(afterwards)
  },
)

test('credentials live by real time: those that end within 30 days outlive 40 days of the clock', async () => {
  const own = await anotherScene(server)
  const lambdas = lambdasOf(own)
  const functionId = await lambdas.deployed('const lambda = async () => Date.now()')
  await using consumer = await openConsumerSocket(own)
  const { now } = await call<{ now: string }>(own, 'POST', 'clock', { move: 'by', ms: 40 * DAY_MS })

  // The session of the administrator, the token of an application, the token of a consumer.
  expect((await lambdas.native('GET', '/caller')).status).toBe(200)
  expect((await lambdas.invoke(functionId, {})).json()).toBeGreaterThanOrEqual(Date.parse(now))
  await using again = await openConsumerSocket(own, { jwt: consumer.jwt })
  expect(await again.openConversation({ skillId: '1001' })).toEqual(expect.any(String))
})
