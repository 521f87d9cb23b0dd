import { afterAll, beforeAll, expect, test } from 'vitest'
import { anotherScene, startTestServer, type TestServer } from '#testing'
import {
  ask,
  botOf,
  givenBot,
  givenConsumer,
  starterStep,
  textStep,
} from './builder-bots.fixture.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const LONG = 'long '.repeat(60).trim()

test('what clients would refuse of a card is left out, and the rest of it is shown', async () => {
  const scene = await anotherScene(server)
  const buttons = [
    { name: '{unset}', type: 'postback', callback: 'none' },
    { name: 'Shop', type: 'web_url', callback: '{shop}' },
    { name: '{long}', type: 'postback', callback: 'p-long' },
    { name: 'Fine', type: 'postback', callback: 'p-fine' },
  ]
  const question = {
    id: 'q',
    interactionType: 'BUTTON',
    content: {
      results: {
        tile: { tileData: [{ text: 'Which?', image: 'http://example.com/a.png', buttons }] },
      },
    },
    preProcessMessage: `botContext.setBotVariable('long', '${LONG}', false, false)`,
    responseMatches: [
      { conditions: [{ matchType: 'PATTERN', patternMatch: { patterns: ['p-*'] } }], action: {} },
    ],
    nextMessageId: 'said',
  }
  const { skillId } = await givenBot(
    scene,
    botOf([starterStep('go', 'q'), question, textStep('said', 'Thank you')]),
  )
  const talk = await givenConsumer(scene, skillId)
  await using consumer = talk.consumer
  await consumer.say(talk.conversationId, 'go')
  const { event } = await consumer.message(
    talk.conversationId,
    ({ role }) => role === 'ASSIGNED_AGENT',
  )
  const publishes = (text: string) => ({ actions: [{ type: 'publishText', text }] })
  expect(event).toMatchObject({
    type: 'RichContentEvent',
    content: {
      elements: [
        { type: 'text', text: 'Which?' },
        { type: 'button', title: LONG.slice(0, 256), click: publishes(LONG) },
        { type: 'button', title: 'Fine', click: publishes('Fine') },
      ],
    },
  })
  await ask(consumer, talk.conversationId, LONG, 'Thank you')
})

test('a quick reply whose title is as long as what was said keeps no question from being asked', async () => {
  const scene = await anotherScene(server)
  const question = {
    ...textStep('q', 'Is it this?', {
      quickReplies: [{ title: '{$userMessage}', payload: 'p' }],
      nextMessageId: 'said',
    }),
    interactionType: 'QUICK_REPLY',
  }
  const { skillId } = await givenBot(
    scene,
    botOf([starterStep('go*', 'q'), question, textStep('said', 'Thank you')]),
  )
  const talk = await givenConsumer(scene, skillId)
  await using consumer = talk.consumer
  await ask(consumer, talk.conversationId, `go ${'x'.repeat(6_000)}`, 'Is it this?')
})
