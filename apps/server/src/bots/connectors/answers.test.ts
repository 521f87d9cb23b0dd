import { afterAll, beforeAll, expect, test } from 'vitest'
import { anotherScene, call, type Scene, startTestServer, type TestServer } from '#testing'
import { givenBot, said, PREFIX } from './connectors.fixture.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const answer = (value: object) => `callback(null, ${JSON.stringify(value)})`
const text = (said: string) => (message: { text?: string | undefined }) => message.text === said

test('cards, quick replies, metadata and private messages arrive as they were answered', async () => {
  const scene = await anotherScene(server)
  const card = { type: 'vertical', elements: [{ type: 'text', text: 'a card' }] }
  const replies = {
    type: 'quickReplies',
    itemsPerRow: 2,
    replies: [
      {
        type: 'button',
        title: 'Yes',
        click: { actions: [{ type: 'publishText', text: 'yes' }] },
      },
    ],
  }
  const metadata = [{ type: 'ExternalId', id: 'id-1' }]
  const {
    consumer: open,
    agent: openAgent,
    skillId,
  } = await givenBot(
    scene,
    answer({
      messages: [
        { structuredContent: card, metadata },
        { structuredContent: { message: 'Sure?', quickReplies: replies }, metadata: metadata[0] },
        { text: 'only for agents', messageAudience: 'AGENTS_AND_MANAGERS' },
        'last of the list',
      ],
      context: { structuredContent: card, encodedMetadata: 'aGVsbG8=' },
    }),
  )
  const { consumer, conversationId } = await open()
  await using _ = consumer
  await consumer.say(conversationId, 'hello')
  await consumer.message(conversationId, text('last of the list'))
  const isAnswered = () =>
    messages().filter(({ event }) => event.type === 'RichContentEvent').length
  const messages = () =>
    consumer.messages(conversationId).filter(({ role }) => role === 'ASSIGNED_AGENT')
  await consumer.until(() => isAnswered() === 2, 'the card at the end')
  const [first, second, third, fourth] = messages()
  expect(first?.event).toMatchObject({ type: 'RichContentEvent', content: card })
  expect(first?.record.metadata).toEqual(metadata)
  expect(second?.event).toMatchObject({ message: 'Sure?', quickReplies: replies })
  expect(second?.record.metadata).toEqual(metadata)
  expect(third?.text).toBe('last of the list')
  expect(third?.record.encodedMetadata).toBe('aGVsbG8=')
  expect(fourth?.event.type).toBe('RichContentEvent')
  expect(JSON.stringify(messages())).not.toContain('only for agents')

  await using agent = await openAgent([skillId])
  await agent.follow(conversationId)
  await agent.message(conversationId, text('only for agents'))
})

test('a pause comes before the next message, with typing, and before the action', async () => {
  const scene = await anotherScene(server)
  const { consumer: open } = await givenBot(
    scene,
    `const { message } = input.payload
    if (message !== 'hello') return callback(null, { messages: ['then ' + message] })
    callback(null, {
      messages: ['wait', { delay: 5 }, 'done', { delay: 3, typing: false }],
      context: { action: 'CHANGE_TTR', actionParameters: { ttrType: 'CUSTOM', value: '77' } },
    })`,
  )
  const { consumer, conversationId } = await open()
  await using _ = consumer
  await consumer.say(conversationId, 'hello')
  await consumer.message(conversationId, text('wait'))
  await consumer.say(conversationId, 'meanwhile')
  await scene.clock.advance(4_000)
  expect(said(consumer, conversationId)).toEqual(['wait'])
  const isTyping = () =>
    consumer.notifications.some(({ body }) => JSON.stringify(body).includes('COMPOSING'))
  await consumer.until(isTyping, 'the bot typing')
  await scene.clock.advance(1_000)
  await consumer.message(conversationId, text('done'))
  expect(consumer.details(conversationId).ttr.ttrType).toBe('NORMAL')
  await scene.clock.advance(3_000)
  await consumer.until(
    () => consumer.details(conversationId).ttr.ttrType === 'CUSTOM',
    'the response time',
  )
  expect(consumer.details(conversationId).ttr.value).toBe(77)
  await consumer.message(conversationId, text('then meanwhile'))
  expect(said(consumer, conversationId)).toEqual(['wait', 'done', 'then meanwhile'])
})

test('several messages are answered at once, while the consumer goes on typing', async () => {
  const scene = await anotherScene(server)
  const { consumer: open } = await givenBot(
    scene,
    `callback(null, { messages: ['<' + input.payload.message + '>'] })`,
    { combine: { maxMessages: 3, timeFrameMs: 2_000, afterTypingMs: 10_000 } },
  )
  const { consumer, conversationId } = await open()
  await using _ = consumer
  await consumer.say(conversationId, 'a')
  await consumer.say(conversationId, 'b')
  await scene.clock.advance(1_900)
  expect(said(consumer, conversationId)).toEqual([])
  await scene.clock.advance(100)
  await consumer.message(conversationId, text('<a b>'))

  // As many as fit do not wait.
  for (const one of ['1', '2', '3']) await consumer.say(conversationId, one)
  await consumer.message(conversationId, text('<1 2 3>'))

  await consumer.say(conversationId, 'c')
  await scene.clock.advance(1_000)
  const event = { type: 'ChatStateEvent', chatState: 'COMPOSING' }
  await consumer.request('ms.PublishEvent', { dialogId: conversationId, event })
  await scene.clock.advance(0)
  await scene.clock.advance(9_000)
  expect(said(consumer, conversationId)).toEqual(['<a b>', '<1 2 3>'])
  await scene.clock.advance(1_000)
  await consumer.message(conversationId, text('<c>'))
})

test('a welcome comes first where it is asked for, and the function is told what it is', async () => {
  const scene = await anotherScene(server)
  const { consumer: open } = await givenBot(
    scene,
    `const { event, message, convId, context } = input.payload
    const { conversationContext } = context.lpEvent
    callback(null, { messages: [JSON.stringify({ event, message, convId, conversationContext })] })`,
    { welcome: true },
  )
  const { consumer, conversationId } = await open()
  await using _ = consumer
  const first = await consumer.message(conversationId, ({ role }) => role === 'ASSIGNED_AGENT')
  expect(JSON.parse(first.text ?? '')).toMatchObject({
    event: { name: 'WELCOME' },
    convId: conversationId,
    conversationContext: { type: 'MESSAGING' },
  })
  expect(first.text).not.toContain('"message"')
  await consumer.say(conversationId, 'hello')
  const second = await consumer.message(conversationId, ({ text: t }) => !!t?.includes('"hello"'))
  expect(JSON.parse(second.text ?? '')).not.toHaveProperty('event')
})

test.each([
  ['by name', (name: string) => ({ skill: name })],
  ['with an agent who is not there', (name: string) => ({ skill: name, agentId: '4711' })],
])('a transfer %s gives the conversation to another skill after the messages', async (_, to) => {
  const scene = await anotherScene(server)
  const bot = await givenBot(
    scene,
    `const actionParameters = JSON.parse(input.payload.message)
    callback(null, { messages: ['bye'], context: { action: 'TRANSFER', actionParameters } })`,
  )
  const { consumer, conversationId } = await bot.consumer()
  await using __ = consumer
  await using agent = await bot.agent()
  await consumer.say(conversationId, JSON.stringify(to(bot.escalationName)))
  await agent.accept(conversationId)
  await agent.message(conversationId, text('bye'))
  expect(said(consumer, conversationId)).toEqual(['bye'])
  expect(await bot.errors()).toEqual([])
})

test.each([
  ['with the survey', false],
  ['without one', true],
])('a bot closes the conversation %s', async (_, withoutPcs) => {
  const scene = await anotherScene(server)
  const action = { action: 'CLOSE_CONVERSATION', actionParameters: { withoutPcs } }
  const bot = await givenBot(scene, answer({ messages: ['bye'], context: action }))
  const { surveyId } = await call<{ surveyId: number }>(scene, 'POST', 'surveys', {
    name: 'After the bot',
    fallback: 'Please choose',
    questions: [{ id: 'nps', kind: 'NPS', text: 'Would you recommend us?' }],
  })
  await call(scene, 'PUT', `surveys/${surveyId}/skills`, { skillIds: [bot.skillId] })
  const { consumer, conversationId } = await bot.consumer()
  await using __ = consumer
  await consumer.say(conversationId, 'hello')
  const details = () => consumer.details(conversationId)
  await consumer.until(() => details()?.state === 'CLOSE', 'the end of the conversation')
  expect(said(consumer, conversationId)).toEqual(['bye'])
  const types = details().dialogs.map((one: { dialogType: string }) => one.dialogType)
  expect(types.includes('POST_SURVEY')).toBe(!withoutPcs)
  expect(await bot.errors()).toEqual([])
})

test('what a bot wants run is run after its messages, with what it gives', async () => {
  const scene = await anotherScene(server)
  const bot = await givenBot(scene, `callback(null, JSON.parse(input.payload.message))`)
  const run = await bot.fn(`callback(null, 'ran')`)
  const { consumer, conversationId } = await bot.consumer()
  await using _ = consumer
  const actionParameters = { lambdaUuid: run, payload: { a: 1 } }
  const context = { action: 'INVOCATION', actionParameters }
  await consumer.say(conversationId, JSON.stringify({ messages: ['running'], context }))
  await consumer.message(conversationId, text('running'))
  await scene.clock.advance(0)
  const runs = await call<{ entries: { run: { functionId: string; outcome: string } }[] }>(
    scene,
    'GET',
    `conversations/${conversationId}/timeline?kind=run`,
  )
  expect(
    runs.entries.map(({ run: { functionId, outcome } }) => [functionId, outcome]),
  ).toContainEqual([run, 'SUCCEEDED'])
  // One that fails changes nothing, unless the bot wants it to.
  const failing = { lambdaUuid: await bot.fn(`callback(new Error('no'), null)`) }
  const failed = { action: 'INVOCATION', actionParameters: failing }
  await consumer.say(conversationId, JSON.stringify({ messages: ['second'], context: failed }))
  await consumer.message(conversationId, text('second'))
  await scene.clock.advance(0)
  expect(said(consumer, conversationId)).toEqual(['running', 'second'])
  expect(await bot.errors()).toEqual([])
  // One that is not deployed is listed, and the bot goes on, too.
  const missing = { action: 'INVOCATION', actionParameters: { lambdaUuid: crypto.randomUUID() } }
  await consumer.say(conversationId, JSON.stringify({ messages: ['third'], context: missing }))
  await consumer.message(conversationId, text('third'))
  await scene.clock.advance(0)
  expect((await bot.errors()).map(({ name }) => name)).toEqual([
    `${PREFIX}aivendor.faas.failed-bot-action`,
  ])
  expect(said(consumer, conversationId)).toEqual(['running', 'second', 'third'])
})

/** The metadata of what was said for the bot, by the text. */
async function metadataOf(scene: Scene, conversationId: string): Promise<Record<string, unknown>> {
  const { entries } = await call<{
    entries: { event: { message?: string }; metadata?: unknown }[]
  }>(scene, 'GET', `conversations/${conversationId}/timeline?kind=message`)
  return Object.fromEntries(entries.map(({ event, metadata }) => [event.message ?? '', metadata]))
}

test('what a bot has understood is told with its first message, after a pause too, and to the agent who goes on', async () => {
  const scene = await anotherScene(server)
  const bot = await givenBot(scene, `callback(null, JSON.parse(input.payload.message))`)
  const { consumer, conversationId } = await bot.consumer()
  await using _ = consumer
  const context = { intentId: 'i1', confidenceScore: 0.5 }
  const told = [{ type: 'BotResponse', intents: [{ id: 'i1', confidenceScore: 0.5 }] }]
  await consumer.say(
    conversationId,
    JSON.stringify({ messages: [{ delay: 1 }, 'first', 'second'], context }),
  )
  await scene.clock.advance(1_000)
  await consumer.message(conversationId, text('second'))
  const failing = { lambdaUuid: await bot.fn(`callback(new Error('no'), null)`), failOnError: true }
  const invoke = { action: 'INVOCATION', actionParameters: failing }
  await consumer.say(conversationId, JSON.stringify({ messages: ['third'], context: invoke }))
  await consumer.message(conversationId, text('A human will help you'))
  const said = await metadataOf(scene, conversationId)
  expect(said).toMatchObject({ first: told, 'The bot gave up': told })
  expect([said['second'], said['third']]).toEqual([undefined, undefined])
})

test('members of an answer that are null are as if they were not there', async () => {
  const scene = await anotherScene(server)
  const bot = await givenBot(scene, `callback(null, JSON.parse(input.payload.message))`)
  const { consumer, conversationId } = await bot.consumer()
  await using _ = consumer
  const ttr = { ttrType: 'URGENT', value: '' }
  const answers = [
    { messages: ['no metadata'], context: { encodedMetadata: null, structuredContent: null } },
    { messages: ['no intent'], context: { intentId: null, confidenceScore: null, action: null } },
    { messages: ['no value'], context: { action: 'CHANGE_TTR', actionParameters: ttr } },
  ]
  for (const answered of answers) {
    await consumer.say(conversationId, JSON.stringify(answered))
    await consumer.message(conversationId, text(answered.messages[0] ?? ''))
  }
  const card = { type: 'text', text: 'a card', tooltip: null }
  const messages = [
    { delay: 1, typing: null },
    { structuredContent: card, metadata: null, encodedMetadata: null },
  ]
  await consumer.say(conversationId, JSON.stringify({ messages }))
  await scene.clock.advance(1_000)
  await consumer.message(conversationId, ({ event }) => event.type === 'RichContentEvent')
  expect(await bot.errors()).toEqual([])
})
