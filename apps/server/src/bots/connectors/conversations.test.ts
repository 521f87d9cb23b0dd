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

test('a bot that combines messages is given a card by itself: neither it nor the texts around it are lost', async () => {
  const scene = await anotherScene(server)
  const { consumer: open } = await givenBot(
    scene,
    `const { message, context } = input.payload
    callback(null, { messages: [context.lpEvent.event.type + ': ' + message] })`,
    { combine: { maxMessages: 5, timeFrameMs: 2_000, afterTypingMs: 2_000 } },
  )
  const { consumer, conversationId } = await open()
  await using _ = consumer
  const place = { type: 'map', la: 52.5, lo: 13.4, tooltip: 'here' }
  const event = { type: 'RichContentEvent', content: { type: 'vertical', elements: [place] } }

  await consumer.say(conversationId, 'I am')
  await consumer.say(conversationId, 'here:')
  const sent = await consumer.request('ms.PublishEvent', { dialogId: conversationId, event })
  expect(sent.code).toBe(200)
  await consumer.say(conversationId, 'Come')
  await consumer.say(conversationId, 'soon')
  await consumer.until(() => said(consumer, conversationId).length >= 2, 'two answers')
  await scene.clock.advance(2_000)
  await consumer.until(() => said(consumer, conversationId).length >= 3, 'three answers')

  expect(said(consumer, conversationId)).toEqual([
    'ContentEvent: I am here:',
    'RichContentEvent: ',
    'ContentEvent: Come soon',
  ])
})
