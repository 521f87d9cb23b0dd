import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { call, lambdasOf, openConsumerSocket, startTestServer, type TestServer } from '#testing'
import { closes, PREFIX, said, takesAway, type Talk } from './connectors.fixture.ts'
import { openVendor } from './end-point.fixture.ts'
import { stageEndpoint } from './endpoint-stage.fixture.ts'

let server: TestServer
let end: Awaited<ReturnType<typeof openVendor>>
beforeAll(async () => {
  end = await openVendor()
  // The program knows the real time only.
  const env = { PARLEY_EGRESS_PRIVATE: end.host }
  server = await startTestServer({ wallClock: 'system', env })
  end.trusts(server.url)
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await end[Symbol.asyncDispose]()
})

const stage = (more: object = {}) => stageEndpoint(server, end, more)

test('a program outside answers for a bot, and its secret is not shown', async () => {
  const {
    scene,
    changed,
    path,
    vendor,
    consumer: open,
    agent: openAgent,
    ...bot
  } = await stage({
    welcome: true,
  })
  const { clientSecret, ...shown } = vendor
  expect(changed.vendor).toEqual(shown)
  expect(await call(scene, 'POST', `${path}/test`)).toEqual({ ok: true })
  end.answers((event) => ({
    response: [
      { type: 'TEXT', data: { message: event.type, metadata: { type: 'ExternalId', id: '1' } } },
      { type: 'TEXT', data: { message: 'psst', messageAudience: 'AGENTS_AND_MANAGERS' } },
      {
        type: 'STRUCTURED_CONTENT',
        data: {
          structuredContent: {
            message: 'Sure?',
            quickReplies: {
              type: 'quickReplies',
              replies: [{ type: 'button', title: 'Yes' }],
            },
          },
        },
      },
      ...(event.type === 'TEXT'
        ? [
            {
              type: 'ACTION',
              data: { name: 'TRANSFER', parameters: { skillName: bot.escalationName } },
            },
            { type: 'DELAY', data: { seconds: 2 } },
            { type: 'TEXT', data: { message: 'bye' } },
          ]
        : []),
    ],
    analytics: { intents: [{ id: 'greeting', description: 'Greets', confidenceScore: 1 }] },
  }))
  const { consumer, conversationId } = await open()
  await using _ = consumer
  await consumer.message(conversationId, ({ text }) => text === 'START')
  await consumer.say(conversationId, 'hello')
  await consumer.message(conversationId, ({ text }) => text === 'TEXT')
  await scene.clock.advance(2_000)
  await using agent = await openAgent()
  await agent.accept(conversationId)
  await agent.message(conversationId, ({ text }) => text === 'psst')
  expect(said(consumer, conversationId)).toEqual(['START', 'Sure?', 'TEXT', 'Sure?', 'bye'])
  expect(end.refusals).toEqual([])
  expect(await bot.errors()).toEqual([])
  const kept = await call(scene, 'PATCH', path, { vendor: shown })
  expect(JSON.stringify(kept)).not.toContain(clientSecret)
})

test('a program that has forgotten the conversation is told of it again, once', async () => {
  const { consumer: open, errors } = await stage()
  end.answers(() => ({ response: [{ type: 'TEXT', data: { message: 'here' } }] }))
  const { consumer, conversationId } = await open()
  await using _ = consumer
  await consumer.say(conversationId, 'one')
  await consumer.message(conversationId, ({ text }) => text === 'here')
  end.forgets()
  end.heard.length = 0
  await consumer.say(conversationId, 'two')
  await consumer.until(() => said(consumer, conversationId).length === 2, 'the second answer')
  expect(end.heard.map(({ method, status }) => `${method} ${status}`)).toEqual([
    'POST 404',
    'PUT 204',
    'POST 200',
  ])
  expect(await errors()).toEqual([])
})

test('a program is told of engagement attributes and of a conversation that an agent had', async () => {
  const bot = await stage({ welcome: true, engagementAttributes: true })
  const { scene } = bot
  end.openings.length = 0
  end.asked.length = 0
  end.refusals.length = 0
  end.answers((event) => ({ response: [text(event.type)] }))
  await using agent = await bot.agent()
  await using consumer = await openConsumerSocket(scene)
  const lead = { type: 'lead', lead: { topic: 'shoes' } }
  const authenticatedData = { lp_sdes: [lead] }
  await consumer.request('userprofile.SetUserProfile', { firstName: 'Grace', authenticatedData })
  const conversationId = await consumer.openConversation({ skillId: bot.escalationId })
  await agent.accept(conversationId)
  await consumer.say(conversationId, 'to the bot')
  await agent.update(
    conversationId,
    { field: 'Skill', type: 'UPDATE', skill: bot.skillId },
    { field: 'ParticipantsChange', type: 'REMOVE', role: 'ASSIGNED_AGENT' },
  )
  await consumer.message(conversationId, (message) => message.text === 'START')
  expect(end.openings).toMatchObject([
    {
      sdes: { unauthenticatedSdes: { lead }, authenticatedSdes: {} },
      context: { type: 'MESSAGING', skillId: Number(bot.skillId), engagementId: 0 },
    },
  ])
  expect(end.asked).toMatchObject([
    { context: { lpEvent: { lastConsumerMessage: { event: { message: 'to the bot' } } } } },
  ])
  expect(end.refusals).toEqual([])
  expect(await bot.errors()).toEqual([])
})

const text = (message: string) => ({ type: 'TEXT', data: { message } })
const SEND = 'aivendor.customendpoint.send-request'
const PARSER = 'aivendor.customendpoint.parse-message.parser-error'

test.each<
  [error: string, what: string, answer: Parameters<typeof end.answers>[0], reason?: RegExp]
>([
  [
    SEND,
    'a bad status',
    (_, response) => void response.writeHead(500).end(),
    /answered 500 to POST .*\/events$/,
  ],
  [SEND, 'two times unknown', (_, response) => void response.writeHead(404).end(), /404/],
  [SEND, 'a refused token', (_, response) => void response.writeHead(401).end(), /401/],
  [
    SEND,
    'a redirect',
    (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    /302.*redirects are not followed/,
  ],
  [SEND, 'a broken connection', (_, response) => void response.destroy(), /socket hang up/],
  [
    SEND,
    'an answer without end',
    (_, response) => {
      response.writeHead(200)
      response.on('error', () => undefined)
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536))) continue
        if (!response.destroyed) response.once('drain', more)
      }
      more()
    },
    /more than 1048576 bytes/,
  ],
  [
    PARSER,
    'no JSON',
    (_, response) => void response.writeHead(200).end('{"response": ['),
    /not JSON/,
  ],
  [PARSER, 'a wrong shape', () => ({ responses: [] }), /^answer.response: is missing$/],
  [
    PARSER,
    'an unknown type',
    () => ({ response: [text('x'), { type: 'SONG', data: {} }] }),
    /^answer.response.1.type: /,
  ],
  [
    PARSER,
    'a bad delay',
    () => ({ response: [{ type: 'DELAY', data: { seconds: 0.5 } }] }),
    /^answer.response.0.data.seconds: must be a whole number$/,
  ],
  [
    'aivendor.customendpoint.parse-message.multiple-actions',
    'two actions',
    () => ({
      response: [
        text('unheard'),
        { type: 'ACTION', data: { name: 'CLOSE_CONVERSATION' } },
        { type: 'ACTION', data: { name: 'CLOSE_CONVERSATION' } },
      ],
    }),
  ],
  ['pipes.verify-ai-response.missing-action-and-messages', 'nothing', () => ({ response: [] })],
])('%s: %s escalates', async (error, _what, answer, reason) => {
  const { consumer: open, errors } = await stage()
  end.answers(answer)
  const { consumer, conversationId } = await open()
  await using _ = consumer
  await consumer.say(conversationId, 'hello')
  await consumer.message(conversationId, ({ text: words }) => words === 'A human will help you')
  await server.clock.advance(0)
  expect(said(consumer, conversationId)).toEqual(['A human will help you'])
  const told = reason ? { reason: expect.stringMatching(reason) } : {}
  expect(await errors()).toMatchObject([{ name: PREFIX + error, conversationId, ...told }])
})

const CLOSE = { type: 'ACTION', data: { name: 'CLOSE_CONVERSATION' } }

test.each<[error: string, answer: object, meanwhile: (talk: Talk) => Promise<void>]>([
  ['connector.messaging.conversation-closed', text('too late'), closes],
  ['connector.messaging.end-conversation', CLOSE, closes],
  ['connector.messaging.agent-not-authorized', text('too late'), takesAway],
  ['connector.messaging.agent-not-authorized', CLOSE, takesAway],
])('%s: what comes too late is for nobody', async (error, late, meanwhile) => {
  const { consumer: open, errors, ...bot } = await stage()
  const asked = Promise.withResolvers<() => void>()
  end.answers((_, response) => {
    const body = JSON.stringify({ response: [late] })
    asked.resolve(() => void response.writeHead(200).end(body))
  })
  const { consumer, conversationId } = await open()
  await using _ = consumer
  await consumer.say(conversationId, 'hello')
  const goOn = await asked.promise
  await meanwhile({ ...bot, consumer, conversationId })
  goOn()
  await server.clock.advance(0)
  await expect.poll(async () => (await errors()).length).toBe(1)
  expect(await errors()).toMatchObject([{ name: PREFIX + error, conversationId }])
  expect(said(consumer, conversationId)).toEqual([])
  const state = meanwhile === closes ? 'CLOSE' : 'OPEN'
  await consumer.until(() => consumer.details(conversationId).state === state, state)
})

test('where the application was deleted, a human goes on', async () => {
  const { scene, vendor, consumer: open, errors } = await stage()
  end.answers(() => ({ response: [text('here')] }))
  const { consumer, conversationId } = await open()
  await using _ = consumer
  await consumer.say(conversationId, 'one')
  await consumer.message(conversationId, (message) => message.text === 'here')
  // The token that the bot has would be good for hours.
  await call(scene, 'DELETE', `clients/${vendor.clientId}`)
  await consumer.say(conversationId, 'two')
  await consumer.message(conversationId, (message) => message.text === 'A human will help you')
  await server.clock.advance(0)
  expect(said(consumer, conversationId)).toEqual(['here', 'A human will help you'])
  const reason = expect.stringMatching(/^There is no token for the program: the application/)
  expect(await errors()).toMatchObject([{ name: PREFIX + SEND, reason, conversationId }])
})

test('a test needs a token, an address that may be called, and a program that is online', async () => {
  const { scene, vendor, path } = await stage()
  const name = `${PREFIX}aivendor.customendpoint.testConnection`
  const tested = async (more: object) => {
    await call(scene, 'PATCH', path, { vendor: { ...vendor, ...more } })
    return await call(scene, 'POST', `${path}/test`)
  }
  const failed = (reason: RegExp) => ({
    ok: false,
    error: { name, reason: expect.stringMatching(reason) },
  })
  expect(await tested({})).toEqual({ ok: true })
  expect(await tested({ clientSecret: 'wrong' })).toEqual(failed(/its secret is wrong/))
  expect(await tested({ environment: 'production' })).toEqual(failed(/404 .*production/))
  // A private address that the operator has not allowed, by either scheme.
  expect(await tested({ baseUrl: 'http://127.0.0.1:1/base' })).toEqual(failed(/https/))
  expect(await tested({ baseUrl: 'https://127.0.0.1:1/base' })).toEqual(failed(/127.0.0.1: /))
  end.says({ state: 'maintenance', version: '1.0.0' })
  expect(await tested({})).toEqual(failed(/answer.state: must be "online"/))
  end.says({ state: 'online', version: '1.0.0' })
  expect(await tested({})).toEqual({ ok: true })
  // Another application needs its own secret.
  const { clientSecret: _, ...without } = vendor
  const other = { ...without, clientId: 'another' }
  const refused = await lambdasOf(scene).native('PATCH', `/${path}`, { vendor: other })
  expect(refused.status).toBe(400)
  expect(refused.text).toContain('body.vendor.clientSecret')
})

test('the secret is sealed in the database', async () => {
  const { scene, vendor, connectorId } = await stage()
  const row = await scene.context.store.db
    .selectFrom('connector')
    .selectAll()
    .where('connectorId', '=', connectorId)
    .executeTakeFirstOrThrow()
  expect(JSON.stringify(row)).not.toContain(vendor.clientSecret)
  const digest = createHash('sha256').update(vendor.clientSecret).digest('hex')
  expect(JSON.stringify(row)).not.toContain(digest)
})
