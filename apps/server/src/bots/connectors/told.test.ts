import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  type ConsumerSocket,
  givenIssuer,
  openConsumerSocket,
  type Scene,
  startTestServer,
  type TestServer,
} from '#testing'
import { type BotScene, givenBot } from './connectors.fixture.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

/** Says what it is told. */
const REPEAT = `callback(null, { messages: [JSON.stringify(input.payload)] })`

/** What the bot was told in its answer of this number. */
async function told(consumer: ConsumerSocket, conversationId: string, nth = 0) {
  const answers = () =>
    consumer.messages(conversationId).filter(({ text }) => text?.includes('lpEvent'))
  await consumer.until(() => answers().length > nth, `answer ${nth}`)
  return JSON.parse(answers()[nth]?.text ?? '')
}

/** A token of a customer whose own issuer says these attributes of it. */
async function signedIn(scene: Scene, sde: object): Promise<string> {
  return (await givenIssuer(scene, { lp_sdes: [sde] }))('grace')
}

/** What a page says about the browser of a visitor. */
async function setAttribute(scene: Scene, visitorId: string, sde: object): Promise<void> {
  const visit = `monitoring/visitors/${visitorId}/visits/current/events?v=1&sid=s1`
  const path = `/api/account/${scene.accountId}/${visit}`
  const reply = await scene.request('PUT', path, { bearer: scene.appToken, body: [sde] })
  expect(reply.status).toBe(200)
}

async function talkAs(bot: BotScene, jwt: string, visitorId: string) {
  const consumer = await openConsumerSocket(bot.scene, { jwt })
  const conversationId = await consumer.openConversation({
    skillId: bot.skillId,
    campaignInfo: { campaignId: 99, engagementId: 98 },
    conversationContext: { type: 'SharkContext', visitorId, sessionId: 's1' },
  })
  return { consumer, conversationId }
}

const INFO = { type: 'ctmrinfo', info: { customerId: '7' } }
const LEAD = { type: 'lead', lead: { topic: 'shoes' } }

test('a bot that collects engagement attributes is told those of the start, whoever has said them', async () => {
  const scene = await anotherScene(server)
  const bot = await givenBot(scene, REPEAT, { engagementAttributes: true })
  await setAttribute(scene, 'visitor-1', LEAD)
  const talk = await talkAs(bot, await signedIn(scene, INFO), 'visitor-1')
  await using consumer = talk.consumer
  await consumer.say(talk.conversationId, 'one')
  const attributes = {
    authenticatedSdes: { ctmrinfo: INFO },
    unauthenticatedSdes: { lead: LEAD },
  }
  const first = await told(consumer, talk.conversationId)
  expect(first.context.lpSdes).toEqual(attributes)
  expect(first.context.lpEvent.conversationContext).toMatchObject({
    skillId: bot.skillId,
    type: 'MESSAGING',
    visitor: { visitorId: 'visitor-1', sessionId: 's1' },
  })
  // They are collected once.
  await setAttribute(scene, 'visitor-1', { type: 'lead', lead: { topic: 'hats' } })
  await consumer.say(talk.conversationId, 'two')
  const second = await told(consumer, talk.conversationId, 1)
  expect(second.context.lpSdes).toEqual(attributes)
})

test('a bot that does not collect engagement attributes is told none', async () => {
  const scene = await anotherScene(server)
  const bot = await givenBot(scene, REPEAT)
  await setAttribute(scene, 'visitor-1', LEAD)
  const talk = await talkAs(bot, await signedIn(scene, INFO), 'visitor-1')
  await using consumer = talk.consumer
  await consumer.say(talk.conversationId, 'one')
  const { context } = await told(consumer, talk.conversationId)
  expect(context.lpSdes).toEqual({ authenticatedSdes: {}, unauthenticatedSdes: {} })
})

test('a file is told as its placeholder, with the raw event beside it', async () => {
  const scene = await anotherScene(server)
  const bot = await givenBot(scene, REPEAT, {
    combine: { maxMessages: 2, timeFrameMs: 60_000, afterTypingMs: 60_000 },
  })
  const { consumer, conversationId } = await bot.consumer()
  await using _ = consumer
  const granted = await consumer.request('ms.GenerateURLForUploadFile', {
    fileSize: 5,
    fileType: 'text/plain',
  })
  const { relativePath, queryParams } = granted.body
  const query = new URLSearchParams(queryParams as Record<string, string>).toString()
  await scene.request('PUT', `${relativePath}?${query}`, {
    body: Buffer.from('hello'),
    headers: { 'content-type': 'text/plain' },
  })
  await consumer.say(conversationId, 'look:')
  const event = {
    type: 'ContentEvent',
    contentType: 'hosted/file',
    message: { caption: 'mine', relativePath, fileType: 'TXT' },
  }
  await consumer.request('ms.PublishEvent', { dialogId: conversationId, event })
  const { message, context } = await told(consumer, conversationId)
  expect(message).toBe('look: com.liveperson.bot-connectors.consumer.send-file')
  expect(context.lpEvent.event.message).toMatchObject({ caption: 'mine', relativePath })
})

test('a bot that gets a conversation from an agent is told what the consumer has said last', async () => {
  const scene = await anotherScene(server)
  const bot = await givenBot(scene, REPEAT, { welcome: true })
  await using agent = await bot.agent()
  await using consumer = await openConsumerSocket(scene)
  const conversationId = await consumer.openConversation({ skillId: bot.escalationId })
  await agent.accept(conversationId)
  await consumer.say(conversationId, 'first')
  await consumer.say(conversationId, 'last')
  await agent.say(conversationId, 'the bot will help you')
  await agent.update(
    conversationId,
    { field: 'Skill', type: 'UPDATE', skill: bot.skillId },
    { field: 'ParticipantsChange', type: 'REMOVE', role: 'ASSIGNED_AGENT' },
  )
  const { event, context, ...rest } = await told(consumer, conversationId)
  expect(event).toEqual({ name: 'WELCOME' })
  expect(rest).not.toHaveProperty('message')
  expect(context.lpEvent.lastConsumerMessage).toMatchObject({
    event: { message: 'last' },
    originatorMetadata: { role: 'CONSUMER' },
  })
})

test('a bot that gets a long conversation hears what is written from then on, and what was said last before', async () => {
  const scene = await anotherScene(server)
  await call(scene, 'PATCH', 'settings', { messaging: { requestsPerSecond: 10_000 } })
  const bot = await givenBot(scene, REPEAT, { welcome: true })
  await using agent = await bot.agent()
  await using consumer = await openConsumerSocket(scene)
  const conversationId = await consumer.openConversation({ skillId: bot.escalationId })
  await agent.accept(conversationId)
  await consumer.say(conversationId, 'first')
  // Longer than what the server reads of a conversation at once.
  const saying = Array.from({ length: 520 }, (_, nth) => agent.say(conversationId, `line ${nth}`))
  await Promise.all(saying)
  await consumer.say(conversationId, 'last')
  await scene.clock.advance(1000)
  await agent.update(
    conversationId,
    { field: 'Skill', type: 'UPDATE', skill: bot.skillId },
    { field: 'ParticipantsChange', type: 'REMOVE', role: 'ASSIGNED_AGENT' },
  )
  const welcome = await told(consumer, conversationId)
  expect(welcome.context.lpEvent.lastConsumerMessage.event.message).toBe('last')
  await consumer.say(conversationId, 'to the bot')
  const next = await told(consumer, conversationId, 1)
  expect(next.message).toBe('to the bot')
})

test('nothing of an erased consumer stays in its bot', async () => {
  const scene = await anotherScene(server)
  // Remembers the consumer by an intent and by a pause, then fails.
  const bot = await givenBot(
    scene,
    `const { message } = input.payload
    if (message === 'fail') return callback(new Error('no'), null)
    const context = { intentId: 'intent ' + message, confidenceScore: 1 }
    callback(null, { messages: ['you said ' + message, { delay: 3600 }, 'again ' + message], context })`,
  )
  const { db } = scene.context.store
  const kept = async (conversationId: string) => ({
    sessions: await db
      .selectFrom('document')
      .select('state')
      .where('accountId', '=', scene.accountId)
      .where('kind', 'like', 'bot-%')
      .where('id', '=', conversationId)
      .execute(),
    errors: (await bot.errors()).filter((error) => error.conversationId === conversationId),
  })
  const secret = await bot.consumer()
  const failing = await bot.consumer()
  await using one = secret.consumer
  await using two = failing.consumer
  await one.say(secret.conversationId, 'a secret')
  await one.message(secret.conversationId, ({ text }) => text === 'you said a secret')
  await two.say(failing.conversationId, 'fail')
  await two.message(failing.conversationId, ({ text }) => text === 'A human will help you')
  await scene.clock.advance(0)
  expect(JSON.stringify(await kept(secret.conversationId))).toContain('again a secret')
  expect((await kept(failing.conversationId)).errors).toHaveLength(1)

  for (const { consumerId } of [one, two]) await call(scene, 'POST', 'erasures', { consumerId })
  await scene.clock.advance(60_000)
  for (const { conversationId } of [secret, failing]) {
    await expect.poll(() => kept(conversationId)).toEqual({ sessions: [], errors: [] })
  }
  // The pause that was running wakes nobody.
  await scene.clock.advance(3_600_000)
  expect(await kept(secret.conversationId)).toEqual({ sessions: [], errors: [] })
})

/** What of a sample the test says of its own consumer. */
interface Sample {
  message: string
  context: {
    lpEvent: {
      originatorMetadata: { clientProperties: { type: string; features: string[] } }
      conversationContext: {
        campaignId: number
        engagementId: number
        visitor: { visitorId: string; sessionId: string; contextId: string }
      }
    }
  }
}

/** The type of every leaf, so that only values may differ. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf)
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, shapeOf(part)]))
}

test.each(['bot_connectors_custom_integration', 'bot_connectors_pre_hook'])(
  'the sample of %s has what a bot is told of a message, and nothing else',
  async (eventId) => {
    const scene = await anotherScene(server)
    const { events } = await call<{
      events: { eventId: string; samplePayload: { payload: Sample } }[]
    }>(scene, 'GET', 'function-events')
    const sample = events.find((event) => event.eventId === eventId)?.samplePayload.payload
    if (!sample) throw new Error(`No sample of ${eventId}`)
    const { originatorMetadata, conversationContext } = sample.context.lpEvent
    const { visitor, campaignId, engagementId } = conversationContext
    const bot = await givenBot(scene, REPEAT)
    // The server says its type.
    const { type: _type, ...clientProperties } = originatorMetadata.clientProperties
    await using consumer = await openConsumerSocket(scene, { clientProperties })
    const conversationId = await consumer.openConversation({
      skillId: bot.skillId,
      campaignInfo: { campaignId, engagementId },
      conversationContext: {
        type: 'SharkContext',
        visitorId: visitor.visitorId,
        sessionId: visitor.sessionId,
        interactionContextId: visitor.contextId,
      },
    })

    await consumer.say(conversationId, sample.message)

    expect(shapeOf(await told(consumer, conversationId))).toEqual(shapeOf(sample))
  },
)
