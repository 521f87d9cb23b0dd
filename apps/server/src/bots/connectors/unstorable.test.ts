import { afterAll, beforeAll, expect, test } from 'vitest'
import { anotherScene, startTestServer, type TestServer } from '#testing'
import { givenBot } from './connectors.fixture.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ wallClock: 'system' })
})
afterAll(() => server[Symbol.asyncDispose]())

const GIVEN = 'A human will help you'

test.each([
  ['half of an emoji', `messages: ['half \\ud83d']`, 'half \uFFFD'],
  [
    'an intent with U+0000',
    `messages: ['one'], context: { intentId: 'a\\u0000', confidenceScore: 1 }`,
    'one',
  ],
  [
    'a skill with U+0000',
    `context: { action: 'TRANSFER', actionParameters: { skill: '\\u0000' } }`,
    GIVEN,
  ],
])(
  'an answer of a function with %s is said and done as far as it can be',
  async (_, answer, said) => {
    const scene = await anotherScene(server)
    const bot = await givenBot(scene, `callback(null, { ${answer} })`)
    const { consumer, conversationId } = await bot.consumer()
    await using _consumer = consumer

    await consumer.say(conversationId, 'hello')

    const { text } = await consumer.message(conversationId, ({ role }) => role === 'ASSIGNED_AGENT')
    expect(text).toBe(said)
  },
)
