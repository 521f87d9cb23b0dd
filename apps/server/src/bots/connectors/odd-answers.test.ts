import { afterAll, beforeAll, expect, test } from 'vitest'
import { anotherScene, startTestServer, type TestServer } from '#testing'
import { givenBot, PREFIX, said } from './connectors.fixture.ts'
import { openVendor } from './end-point.fixture.ts'
import { stageEndpoint } from './endpoint-stage.fixture.ts'

let server: TestServer
let end: Awaited<ReturnType<typeof openVendor>>
beforeAll(async () => {
  end = await openVendor()
  const env = { PARLEY_EGRESS_PRIVATE: end.host }
  server = await startTestServer({ wallClock: 'system', env })
  end.trusts(server.url)
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await end[Symbol.asyncDispose]()
})

const NOT_KNOWN = `${PREFIX}pipes.verify-ai-response.no-messages-and-not-supported-action`

test('an action whose name is not known is left out, its messages are said, and the list of errors names it, once', async () => {
  const scene = await anotherScene(server)
  const answer = `{ messages: ['one', { delay: 1 }, 'two'], context: { action: 'Transfer' } }`
  const bot = await givenBot(scene, `callback(null, ${answer})`)
  const { consumer, conversationId } = await bot.consumer()
  await using _ = consumer
  await consumer.say(conversationId, 'hello')
  await consumer.message(conversationId, ({ text }) => text === 'one')
  await scene.clock.advance(1000)
  await consumer.message(conversationId, ({ text }) => text === 'two')
  await scene.clock.advance(0)

  expect(said(consumer, conversationId)).toEqual(['one', 'two'])
  const reason = 'No action has the name "Transfer"'
  expect(await bot.errors()).toMatchObject([{ name: NOT_KNOWN, reason, conversationId }])
})

test('the same of a program outside', async () => {
  const bot = await stageEndpoint(server, end)
  end.answers(() => ({
    response: [
      { type: 'TEXT', data: { message: 'one' } },
      { type: 'ACTION', data: { name: 'ESCALATE' } },
    ],
  }))
  const { consumer, conversationId } = await bot.consumer()
  await using _ = consumer
  await consumer.say(conversationId, 'hello')
  await consumer.message(conversationId, ({ text }) => text === 'one')
  await bot.scene.clock.advance(0)

  expect(said(consumer, conversationId)).toEqual(['one'])
  const reason = 'No action has the name "ESCALATE"'
  expect(await bot.errors()).toMatchObject([{ name: NOT_KNOWN, reason, conversationId }])
})

test('an answer of a program outside may begin with a byte order mark', async () => {
  const bot = await stageEndpoint(server, end)
  const answer = { response: [{ type: 'TEXT', data: { message: 'Grüße' } }] }
  end.answers((_, response) => void response.writeHead(200).end(`\uFEFF${JSON.stringify(answer)}`))
  const { consumer, conversationId } = await bot.consumer()
  await using _ = consumer
  await consumer.say(conversationId, 'hello')
  await consumer.message(conversationId, ({ role }) => role === 'ASSIGNED_AGENT')

  expect(said(consumer, conversationId)).toEqual(['Grüße'])
})

test('half of an emoji, or U+0000, in an answer of a program outside leaves the rest of it as it is', async () => {
  const bot = await stageEndpoint(server, end)
  end.answers(() => ({
    response: [{ type: 'TEXT', data: { message: 'half \ud83d' } }],
    analytics: { intents: [{ id: 'a\u0000', confidenceScore: 1 }] },
  }))
  const { consumer, conversationId } = await bot.consumer()
  await using _ = consumer
  await consumer.say(conversationId, 'hello')
  await consumer.message(conversationId, ({ role }) => role === 'ASSIGNED_AGENT')

  expect(said(consumer, conversationId)).toEqual(['half \uFFFD'])
})

test('a message whose encoded metadata is none falls, and the list of errors says so', async () => {
  const scene = await anotherScene(server)
  const bot = await givenBot(
    scene,
    `callback(null, { messages: ['one', 'two'], context: { encodedMetadata: 'not base64 !' } })`,
  )
  const { consumer, conversationId } = await bot.consumer()
  await using _ = consumer
  await consumer.say(conversationId, 'hello')
  await expect.poll(() => bot.errors()).toHaveLength(1)

  expect(said(consumer, conversationId)).toEqual([])
  expect(await bot.errors()).toMatchObject([
    {
      name: `${PREFIX}connector.messaging.send-message`,
      reason: expect.stringMatching(/^The message was not sent: encodedMetadata: /),
      conversationId,
    },
  ])
})

test.each([
  ['latin1', 'application/json; charset=ISO-8859-1'],
  ['utf16le', 'application/json;charset="utf-16"'],
  ['utf8', 'application/json'],
] as const)('an answer of a program outside in %s is read as %s says', async (encoding, type) => {
  const bot = await stageEndpoint(server, end)
  const answer = { response: [{ type: 'TEXT', data: { message: 'Grüße' } }] }
  const body = Buffer.from(JSON.stringify(answer), encoding)
  end.answers((_, response) => void response.writeHead(200, { 'content-type': type }).end(body))
  const { consumer, conversationId } = await bot.consumer()
  await using _ = consumer
  await consumer.say(conversationId, 'hello')
  await consumer.message(conversationId, ({ role }) => role === 'ASSIGNED_AGENT')

  expect(said(consumer, conversationId)).toEqual(['Grüße'])
})

test('an answer in what is no encoding is none: a human goes on', async () => {
  const bot = await stageEndpoint(server, end)
  const type = 'application/json; charset=klingon'
  const body = JSON.stringify({ response: [{ type: 'TEXT', data: { message: 'Hello' } }] })
  end.answers((_, response) => void response.writeHead(200, { 'content-type': type }).end(body))
  const { consumer, conversationId } = await bot.consumer()
  await using _ = consumer
  await consumer.say(conversationId, 'hello')
  await expect.poll(() => bot.errors()).toHaveLength(1)

  expect(said(consumer, conversationId)).toEqual(['A human will help you'])
  const name = `${PREFIX}aivendor.customendpoint.parse-message.parser-error`
  expect(await bot.errors()).toMatchObject([{ name, reason: expect.stringContaining('"klingon"') }])
})

test.each(['', `, actionParameters: { lambdaUuid: { id: 1 }, failOnError: true }`])(
  'an action that calls a function and names none is listed as that (%j)',
  async (parameters) => {
    const scene = await anotherScene(server)
    const answer = `{ messages: ['one'], context: { action: 'INVOCATION'${parameters} } }`
    const bot = await givenBot(scene, `callback(null, ${answer})`)
    const { consumer, conversationId } = await bot.consumer()
    await using _ = consumer
    await consumer.say(conversationId, 'hello')
    await consumer.message(conversationId, ({ text }) => text === 'one')
    await expect.poll(() => bot.errors()).toHaveLength(1)

    const reason = 'The action names no function: lambdaUuid is missing, or is no text'
    expect(await bot.errors()).toMatchObject([
      { name: `${PREFIX}aivendor.faas.failed-bot-action`, reason },
    ])
  },
)

test('the same of a program outside that calls a function', async () => {
  const bot = await stageEndpoint(server, end)
  end.answers(() => ({ response: [{ type: 'ACTION', data: { name: 'INVOKE_FUNCTION' } }] }))
  const { consumer, conversationId } = await bot.consumer()
  await using _ = consumer
  await consumer.say(conversationId, 'hello')
  await expect.poll(() => bot.errors()).toHaveLength(1)

  const reason = 'The action names no function: lambdaUuid is missing, or is no text'
  expect(await bot.errors()).toMatchObject([{ reason }])
})
