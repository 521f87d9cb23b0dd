import { afterAll, beforeAll, expect, test } from 'vitest'
import { anotherScene, startTestServer, type TestServer } from '#testing'
import { givenBot, said } from './connectors.fixture.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

test('a function answers what a consumer writes, once and in order', async () => {
  const scene = await anotherScene(server)
  const { consumer: open } = await givenBot(
    scene,
    `callback(null, { messages: ['You said: ' + input.payload.message, 'And?'], context: {} })`,
  )
  const { consumer, conversationId } = await open()
  await using _ = consumer
  await consumer.say(conversationId, 'one')
  await consumer.message(conversationId, ({ text }) => text === 'And?')
  await consumer.say(conversationId, 'two')
  await consumer.until(() => said(consumer, conversationId).length >= 4, 'four answers')
  expect(said(consumer, conversationId)).toEqual(['You said: one', 'And?', 'You said: two', 'And?'])
})
