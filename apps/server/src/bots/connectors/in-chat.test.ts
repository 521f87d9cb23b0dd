import type { Connector } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  openConsumerSocket,
  openEventSource,
  startTestServer,
  type TestServer,
} from '#testing'
import { said } from './connectors.fixture.ts'
import { chatTimers, givenChatBot } from './in-chat.fixture.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

/** Says nothing when the chat begins, then what the consumer wants said. */
const OBEYS = `const { event, message } = input.payload
  callback(null, event ? { messages: ['Welcome'] } : JSON.parse(message))`
/** Welcomes, then repeats what it is told. */
const ECHOES = `const { event, message } = input.payload
  callback(null, { messages: [event ? 'Welcome' : '<' + message + '>'] })`
const wants = (answer: object) => JSON.stringify(answer)

test('a bot takes a chat of its skill at once, welcomes, and answers each line once', async () => {
  const scene = await anotherScene(server)
  const bot = await givenChatBot(scene, ECHOES)
  const chat = await bot.start({ name: 'Ada' })
  await chat.hears('Welcome')
  await chat.say('one')
  await chat.hears('Welcome', '<one>')
  await chat.say('two')
  await chat.hears('Welcome', '<one>', '<two>')
  expect((await chat.view()).chat).toMatchObject({ stage: 'active', agentName: 'Robo' })
  expect(await bot.errors()).toEqual([])
  const path = `connectors/${bot.connectorId}`
  const { channels, conversations } = await call<Connector>(scene, 'GET', path)
  expect([channels, conversations.open]).toEqual([['chat'], 1])
  await chat.end()
  expect((await call<Connector>(scene, 'GET', path)).conversations.open).toBe(0)
})

test('each channel is served where it is set, and both together', async () => {
  const scene = await anotherScene(server)
  const bot = await givenChatBot(scene, ECHOES)
  await using consumer = await openConsumerSocket(scene)
  const conversationId = await consumer.openConversation({ skillId: bot.skillId })
  await consumer.say(conversationId, 'hello')
  await (await bot.start()).hears('Welcome')
  await scene.clock.advance(0)
  expect(said(consumer, conversationId)).toEqual([])

  await call(scene, 'PATCH', `connectors/${bot.connectorId}`, { channels: ['messaging', 'chat'] })
  await consumer.message(conversationId, ({ text }) => text === '<hello>')
  await (await bot.start()).hears('Welcome')

  await call(scene, 'PATCH', `connectors/${bot.connectorId}`, { channels: ['messaging'] })
  await scene.clock.advance(0)
  const chat = await bot.start({ text: 'anybody?' })
  await scene.clock.advance(0)
  expect((await chat.view()).chat.stage).toBe('waiting')
  // It waits until the bot serves live chat again.
  await call(scene, 'PATCH', `connectors/${bot.connectorId}`, { channels: ['chat'] })
  await chat.hears('Welcome', '<anybody?>')
})

test('the function gets the raw line, and what is known of the visit', async () => {
  const scene = await anotherScene(server)
  const bot = await givenChatBot(
    scene,
    `callback(null, { messages: [JSON.stringify(input.payload)] })`,
    { engagementAttributes: true },
  )
  const visitorId = 'visitor-4711'
  const sde = { type: 'cart', total: 12 }
  await scene.context.messaging.people.addVisitorAttributes(scene.accountId, visitorId, {
    sdes: [sde],
  })
  const campaignInfo = { campaignId: '17', engagementId: '18' }
  const chat = await bot.start({ name: 'Ada', context: { visitorId }, campaignInfo })
  await expect.poll(async () => (await chat.said()).length).toBe(1)
  await chat.say('hello')
  await expect.poll(async () => (await chat.said()).length).toBe(2)
  const [welcome, line] = (await chat.said()).map((text) => JSON.parse(text) as object)
  const { chatId } = chat
  const conversationContext = {
    type: 'CHAT',
    skillId: bot.skillId,
    ...campaignInfo,
    visitor: { visitorId },
  }
  const lpSdes = { unauthenticatedSdes: { cart: sde }, authenticatedSdes: {} }
  expect(welcome).toMatchObject({
    event: { name: 'WELCOME' },
    convId: chatId,
    context: { lpEvent: { chatSessionKey: chatId, conversationContext }, lpSdes },
  })
  expect(welcome).not.toHaveProperty('message')
  expect(line).toMatchObject({
    message: 'hello',
    convId: chatId,
    context: {
      lpEvent: {
        '@id': '2',
        '@type': 'line',
        time: expect.stringMatching(/^\d{4}-/),
        textType: 'plain',
        text: 'hello',
        by: 'Ada',
        source: 'visitor',
        subType: 'REGULAR',
        chatSessionKey: chatId,
        skillId: bot.skillId,
        skillName: expect.stringContaining('skill'),
        agentName: 'Robo',
        agentId: expect.any(String),
        startTime: expect.stringMatching(/^\d{4}-/),
        conversationContext,
      },
      lpSdes,
    },
  })
  expect(line).not.toHaveProperty('event')
})

test('a transfer gives the chat to who is there; a private message is a note for them only', async () => {
  const scene = await anotherScene(server)
  const bot = await givenChatBot(scene, OBEYS)
  const person = await bot.person()
  const chat = await bot.start()
  await chat.hears('Welcome')
  const psst = { text: 'psst', messageAudience: 'AGENTS_AND_MANAGERS' }
  const actionParameters = { skill: bot.escalationName, agentId: person.userId }
  await chat.say(
    wants({ messages: [psst, 'bye'], context: { action: 'TRANSFER', actionParameters } }),
  )
  await chat.sees({ type: 'transferred', name: 'Robo', skillName: bot.escalationName })
  expect(await chat.said()).toEqual(['Welcome', 'bye'])
  expect((await chat.view()).entries.map(({ type }) => type)).not.toContain('note')
  expect(await person.entries(chat.chatId)).toContainEqual(
    expect.objectContaining({ type: 'note', name: 'Robo', text: 'psst' }),
  )
  expect((await person.ask('POST', `/chats/${chat.chatId}/accept`)).status).toBe(200)
  expect((await person.ask('POST', `/chats/${chat.chatId}/end`)).status).toBe(200)
  expect(await bot.errors()).toEqual([])
})

test('agents and consumers stream what is theirs', async () => {
  const scene = await anotherScene(server)
  const bot = await givenChatBot(scene, OBEYS)
  const chat = await bot.start()
  const path = `${scene.url}/api/v1/accounts/${scene.accountId}/consumer/chats/${chat.chatId}/events`
  using stream = await openEventSource(path, { authorization: `Bearer ${chat.token}` })
  await chat.hears('Welcome')
  const psst = { text: 'psst', messageAudience: 'AGENTS_AND_MANAGERS' }
  await chat.say(wants({ messages: [psst, 'wait', { delay: 7 }, 'done'] }))
  await stream.until(({ json }) => json['text'] === 'wait')
  await stream.until(({ event, json }) => event === 'typing' && json['typing'] === true)
  await scene.clock.advance(6_900)
  expect(await chat.said()).toEqual(['Welcome', 'wait'])
  await scene.clock.advance(100)
  await stream.until(({ json }) => json['text'] === 'done')
  expect(stream.events.map(({ json }) => json['type'])).not.toContain('note')
})

test.each([
  ['with the survey', false, 'open'],
  ['without one', true, 'none'],
])('a bot ends the chat %s', async (_, withoutPcs, survey) => {
  const scene = await anotherScene(server)
  await call(scene, 'PUT', 'chat-settings', { survey: { questions: [] } })
  const bot = await givenChatBot(scene, OBEYS)
  const chat = await bot.start()
  await chat.hears('Welcome')
  const context = { action: 'CLOSE_CONVERSATION', actionParameters: { withoutPcs } }
  await chat.say(wants({ messages: ['bye'], context }))
  await chat.sees({ type: 'ended', by: 'AGENT', reason: 'closed' })
  expect(await chat.said()).toEqual(['Welcome', 'bye'])
  expect((await chat.view()).chat).toMatchObject({ stage: 'ended', survey })
})

test('a time to respond is nothing in live chat: the messages are said', async () => {
  const scene = await anotherScene(server)
  const bot = await givenChatBot(scene, OBEYS)
  const chat = await bot.start()
  await chat.hears('Welcome')
  const context = { action: 'CHANGE_TTR', actionParameters: { ttrType: 'URGENT' } }
  await chat.say(wants({ messages: ['soon'], context }))
  await chat.hears('Welcome', 'soon')
  expect(await bot.errors()).toEqual([])
})

test('what a bot wants run is run after its messages', async () => {
  const scene = await anotherScene(server)
  const bot = await givenChatBot(scene, OBEYS)
  const person = await bot.person()
  const chat = await bot.start()
  await chat.hears('Welcome')
  const actionParameters = {
    lambdaUuid: await bot.fn(`callback(new Error('no'), null)`),
    failOnError: true,
  }
  await chat.say(
    wants({ messages: ['running'], context: { action: 'INVOCATION', actionParameters } }),
  )
  await chat.hears('Welcome', 'running', 'A human will help you')
  expect((await person.ask('POST', `/chats/${chat.chatId}/accept`)).status).toBe(200)
})

test('several lines are answered at once, while the consumer goes on typing', async () => {
  const scene = await anotherScene(server)
  const bot = await givenChatBot(scene, ECHOES, {
    combine: { maxMessages: 3, timeFrameMs: 2_000, afterTypingMs: 10_000 },
  })
  const chat = await bot.start()
  await chat.hears('Welcome')
  await chat.say('a')
  await chat.say('b')
  await scene.clock.advance(1_900)
  expect(await chat.said()).toEqual(['Welcome'])
  await scene.clock.advance(100)
  await chat.hears('Welcome', '<a b>')
  for (const one of ['1', '2', '3']) await chat.say(one)
  await chat.hears('Welcome', '<a b>', '<1 2 3>')
  await chat.say('c')
  await scene.clock.advance(1_000)
  await chat.types()
  await scene.clock.advance(0)
  await scene.clock.advance(9_000)
  expect(await chat.said()).toEqual(['Welcome', '<a b>', '<1 2 3>'])
  await scene.clock.advance(1_000)
  await chat.hears('Welcome', '<a b>', '<1 2 3>', '<c>')
})

test('a silent consumer is warned, then the chat is ended; each line begins it anew', async () => {
  const scene = await anotherScene(server)
  const silence = { warnAfterMs: 60_000, warning: 'Are you still there?', closeAfterMs: 30_000 }
  const bot = await givenChatBot(scene, ECHOES, { silence })
  const chat = await bot.start()
  await chat.hears('Welcome')
  await scene.clock.advance(59_000)
  await chat.say('here')
  await chat.hears('Welcome', '<here>')
  await scene.clock.advance(59_000)
  expect(await chat.said()).toEqual(['Welcome', '<here>'])
  await scene.clock.advance(1_000)
  await chat.hears('Welcome', '<here>', 'Are you still there?')
  await scene.clock.advance(29_000)
  await chat.say('yes')
  await chat.hears('Welcome', '<here>', 'Are you still there?', '<yes>')
  await scene.clock.advance(60_000)
  await scene.clock.advance(29_000)
  expect((await chat.view()).chat.stage).toBe('active')
  await scene.clock.advance(1_000)
  await chat.sees({ type: 'ended', by: 'AGENT', reason: 'silence' })
  expect((await chat.said()).slice(-2)).toEqual(['<yes>', 'Are you still there?'])
  expect([await bot.errors(), await chatTimers(scene)]).toEqual([[], []])
})

test('a bot that stops keeps its chats and takes no new one; one that starts takes those that wait', async () => {
  const scene = await anotherScene(server)
  const bot = await givenChatBot(scene, ECHOES)
  const [chat, state] = [await bot.start(), `connectors/${bot.connectorId}/state`]
  await chat.hears('Welcome')
  await call(scene, 'PUT', state, { state: 'offline' })
  await chat.say('still there?')
  await chat.hears('Welcome', '<still there?>')
  const waits = await bot.start({ text: 'first' })
  await scene.clock.advance(0)
  expect((await waits.view()).chat.stage).toBe('waiting')
  await call(scene, 'PUT', state, { state: 'online' })
  await waits.hears('Welcome', '<first>')
})

test('a bot takes what waits in a skill that it is given as a user, and what waited in a skill that is deleted', async () => {
  const scene = await anotherScene(server)
  const bot = await givenChatBot(scene, ECHOES)
  const [deleted] = scene.skillIds
  const inGiven = await bot.start({ skillId: bot.escalationId, text: 'one' })
  const inDeleted = await bot.start({ skillId: deleted, text: 'two' })
  await scene.clock.advance(0)

  const { userId } = await call<Connector>(scene, 'GET', `connectors/${bot.connectorId}`)
  await call(scene, 'PATCH', `users/${userId}`, { skillIds: [bot.escalationId] })
  await inGiven.hears('Welcome', '<one>')
  await call(scene, 'DELETE', `skills/${deleted}`)
  await inDeleted.hears('Welcome', '<two>')
})

test('the chats of a deleted bot wait for others', async () => {
  const scene = await anotherScene(server)
  const bot = await givenChatBot(scene, ECHOES)
  const person = await bot.person([bot.skillId])
  const chat = await bot.start()
  await chat.hears('Welcome')
  await call(scene, 'DELETE', `connectors/${bot.connectorId}`)
  await chat.sees({ type: 'transferred', name: 'Robo' })
  expect((await chat.view()).chat.stage).toBe('waiting')
  expect((await person.ask('POST', `/chats/${chat.chatId}/accept`)).status).toBe(200)
})

test('a bot that escalates to itself waits for new lines, and only where nobody else is there', async () => {
  const scene = await anotherScene(server)
  const bot = await givenChatBot(scene, `callback(new Error('no'), null)`)
  const path = `connectors/${bot.connectorId}`
  const { escalation } = await call<Connector>(scene, 'GET', path)
  await call(scene, 'PATCH', path, { escalation: { ...escalation, skillId: bot.skillId } })
  const chat = await bot.start()
  await chat.hears('A human will help you')
  await chat.say('hello')
  await chat.hears('A human will help you', 'A human will help you')
  await scene.clock.advance(0)
  expect((await chat.view()).chat).toMatchObject({ stage: 'active', agentName: 'Robo' })

  const person = await bot.person([bot.skillId])
  await chat.say('again')
  await expect.poll(async () => (await chat.view()).chat.stage).toBe('waiting')
  await scene.clock.advance(0)
  expect((await person.ask('POST', `/chats/${chat.chatId}/accept`)).status).toBe(200)
})
