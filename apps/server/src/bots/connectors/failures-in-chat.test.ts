import type { Connector } from '@parley/contract'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import {
  anotherScene,
  call,
  type ConsumerChatTalk,
  openEventSource,
  startTestServer,
  type TestServer,
} from '#testing'
import { type BotScene, PREFIX } from './connectors.fixture.ts'
import { openVendor } from './end-point.fixture.ts'
import { type ChatBotScene, givenChatBot } from './in-chat.fixture.ts'

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

/** Says nothing when the chat begins, then what the consumer wants said. */
const OBEYS = `const { event, message } = input.payload
  callback(null, event ? { messages: [{ delay: 1, typing: false }] } : JSON.parse(message))`
const names = async (bot: Pick<BotScene, 'errors'>) => (await bot.errors()).map(({ name }) => name)

const replies = { type: 'quickReplies', replies: [{ type: 'button', title: 'Yes' }] }
const card = { type: 'vertical', elements: [{ type: 'text', text: 'a card' }] }

/** What a bot answers in a live chat, the error that it is, and what was said before it. */
const PROVOKED: [error: string, what: string, answer: object, before?: string[]][] = [
  [
    'pipes.verify-ai-response.quick-replies-not-supported',
    'quick replies',
    { messages: ['unheard', { structuredContent: { message: 'Sure?', quickReplies: replies } }] },
  ],
  [
    'pipes.verify-ai-response.no-messages-and-not-supported-action',
    'a time to respond alone',
    { context: { action: 'CHANGE_TTR', actionParameters: { ttrType: 'URGENT' } } },
  ],
  [
    'connector.chat.send-message',
    'a card',
    { messages: ['first', { structuredContent: card }, 'never'] },
    ['first'],
  ],
  ['connector.chat.send-message', 'an empty line', { messages: [''] }],
  ['connector.chat.send-message', 'a line that is too long', { messages: ['x'.repeat(9_000)] }],
  [
    'pipes.chat-handle-bot-action.transfer-skill-not-existing',
    'a transfer to no skill',
    {
      messages: ['first'],
      context: { action: 'TRANSFER', actionParameters: { skill: 'No Such Skill' } },
    },
    ['first'],
  ],
]

test.each(PROVOKED)(
  '%s: %s escalates, and is listed and told',
  async (error, _, answer, before = []) => {
    const scene = await anotherScene(server)
    const bot = await givenChatBot(
      scene,
      `const { event } = input.payload
      const answer = ${JSON.stringify(answer)}
      callback(null, event ? { messages: [{ delay: 1, typing: false }] } : answer)`,
      async (fn) => ({ hooks: { error: await fn(`callback(null, 'ok')`) } }),
    )
    const person = await bot.person()
    const chat = await bot.start({ text: 'hello' })
    await untilServed(chat)
    await scene.clock.advance(1_000)
    await chat.hears(...before, 'A human will help you')
    await chat.sees({ type: 'transferred', skillName: bot.escalationName })
    expect(await person.entries(chat.chatId)).toContainEqual(
      expect.objectContaining({ type: 'note', text: 'The bot gave up' }),
    )
    await scene.clock.advance(0)
    expect(await bot.errors()).toMatchObject([
      { name: PREFIX + error, channel: 'chat', conversationId: chat.chatId },
    ])
    const { invocations } = await call<{ invocations: object[] }>(
      scene,
      'GET',
      `invocations?conversationId=${chat.chatId}&eventId=bot_connectors_error_hook`,
    )
    expect(invocations).toHaveLength(1)
    expect((await person.ask('POST', `/chats/${chat.chatId}/accept`)).status).toBe(200)
  },
)

const untilServed = async (chat: ConsumerChatTalk) =>
  await expect.poll(async () => (await chat.view()).chat.stage).toBe('active')

/** Who is not there for a chat. */
const ABSENT: [who: string, make: (bot: ChatBotScene) => Promise<unknown>][] = [
  ['nobody has the skill', () => Promise.resolve()],
  [
    'nobody of the skill is logged in',
    async (bot) => (await bot.person()).ask('DELETE', '/sessions/current'),
  ],
  [
    'whoever is logged in has no free slot',
    async (bot) => {
      const { userId } = await bot.person()
      await call(bot.scene, 'PATCH', `users/${userId}`, { maxSlots: 0 })
    },
  ],
  [
    'whoever is logged in is away',
    async (bot) => {
      const agent = await bot.agent()
      onTestFinished(() => agent[Symbol.asyncDispose]())
      await agent.goOnline('AWAY')
    },
  ],
]

test.each(ABSENT)(
  'connector.chat.transfer-to-skill: %s, the customer is told, and the bot goes on',
  async (_, make) => {
    const scene = await anotherScene(server)
    const bot = await givenChatBot(scene, OBEYS)
    await make(bot)
    const chat = await bot.start()
    await untilServed(chat)
    await scene.clock.advance(1_000)
    const context = { action: 'TRANSFER', actionParameters: { skill: bot.escalationName } }
    await chat.say(JSON.stringify({ messages: ['bye'], context }))
    await chat.hears('bye', 'A human will help you', 'Nobody can help you now')
    await scene.clock.advance(0)
    const failed = `${PREFIX}connector.chat.transfer-to-skill`
    // The transfer, then the escalation.
    expect(await names(bot)).toEqual([failed, failed])
    await chat.say(JSON.stringify({ messages: ['still here'] }))
    await chat.hears('bye', 'A human will help you', 'Nobody can help you now', 'still here')
  },
)

test('an agent who is not there is passed over for another one of the skill', async () => {
  const scene = await anotherScene(server)
  const bot = await givenChatBot(scene, OBEYS)
  const person = await bot.person()
  const chat = await bot.start()
  await untilServed(chat)
  await scene.clock.advance(1_000)
  const actionParameters = { skill: bot.escalationName, agentId: '4711' }
  await chat.say(
    JSON.stringify({ messages: [], context: { action: 'TRANSFER', actionParameters } }),
  )
  await chat.sees({ type: 'transferred', skillName: bot.escalationName })
  expect((await person.ask('POST', `/chats/${chat.chatId}/accept`)).status).toBe(200)
})

/** A chat whose program outside thinks until it is let go. */
async function thinking(response: object[]) {
  const scene = await anotherScene(server)
  const application = await call<{ clientId: string; clientSecret: string }>(
    scene,
    'POST',
    'clients',
    { name: 'bot', scopes: ['thirdpartybots.customendpoint.bot'] },
  )
  const { clientId, clientSecret } = application
  const bot = await givenChatBot(scene, OBEYS, { welcome: true })
  const vendor = { ...end.vendor, clientId, clientSecret }
  await call(scene, 'PATCH', `connectors/${bot.connectorId}`, { vendor })
  const asked = Promise.withResolvers<() => void>()
  end.answers((_, reply) => {
    asked.resolve(() => void reply.writeHead(200).end(JSON.stringify({ response })))
  })
  const chat = await bot.start({ text: 'hello' })
  return { scene, bot, chat, answers: await asked.promise }
}

const TEXT = { type: 'TEXT', data: { message: 'too late' } }
const CLOSE = { type: 'ACTION', data: { name: 'CLOSE_CONVERSATION' } }

type Thinking = Awaited<ReturnType<typeof thinking>>
const ENDS = async ({ chat }: Thinking) => await chat.end()
const TAKES = async ({ scene, bot, chat }: Thinking) => {
  await call(scene, 'DELETE', `connectors/${bot.connectorId}`)
  await chat.sees({ type: 'transferred', name: 'Robo' })
}

test.each<[error: string, what: string, answer: object[]]>([
  ['connector.chat.send-message', 'a line', [TEXT]],
  ['connector.chat.send-message', 'a line and the end', [TEXT, CLOSE]],
  ['connector.chat.end-conversation', 'the end', [CLOSE]],
])('%s: %s comes after the consumer has ended the chat, for nobody', async (error, _, answer) => {
  const talk = await thinking(answer)
  await ENDS(talk)
  talk.answers()
  await expect.poll(() => names(talk.bot)).toEqual([PREFIX + error])
  expect(await talk.chat.said()).toEqual([])
  expect((await talk.chat.view()).entries.filter(({ type }) => type === 'ended')).toHaveLength(1)
})

test('what comes after the chat was taken away from the bot is for nobody', async () => {
  const talk = await thinking([TEXT])
  await TAKES(talk)
  talk.answers()
  await talk.scene.clock.advance(0)
  await talk.chat.say('anybody?')
  expect(await talk.chat.said()).toEqual([])
  expect((await talk.chat.view()).chat.stage).toBe('waiting')
})

test('a program outside is told that it is a chat, and of no start', async () => {
  end.answers((event) => ({
    response: [{ type: 'TEXT', data: { message: `${event.type} ${JSON.stringify(event)}` } }],
  }))
  const scene = await anotherScene(server)
  const application = await call<{ clientId: string; clientSecret: string }>(
    scene,
    'POST',
    'clients',
    { name: 'bot', scopes: ['thirdpartybots.customendpoint.bot'] },
  )
  const { clientId, clientSecret } = application
  const bot = await givenChatBot(scene, OBEYS, { welcome: true })
  const vendor = { ...end.vendor, clientId, clientSecret }
  await call(scene, 'PATCH', `connectors/${bot.connectorId}`, { vendor })
  const chat = await bot.start({ text: 'hello' })
  await expect.poll(async () => (await chat.said()).length).toBe(1)
  const [said = ''] = await chat.said()
  expect(said).toMatch(/^TEXT .*"chatSessionKey".*"type":"CHAT"/)
  expect(end.openings.at(-1)).toMatchObject({ context: { type: 'CHAT' } })
  expect(end.refusals).toEqual([])
})

test('what a bot kept of an erased chat is gone', async () => {
  const scene = await anotherScene(server)
  const bot = await givenChatBot(scene, `callback(new Error('no'), null)`)
  const chat = await bot.start({ text: 'secret' })
  await expect.poll(async () => (await bot.errors()).length).toBeGreaterThan(0)
  await chat.end()
  await scene.clock.advance(0)
  await call(scene, 'DELETE', `chats/${chat.chatId}`)
  expect(await bot.errors()).toEqual([])
  const { db } = scene.context.store
  const documents = await db
    .selectFrom('document')
    .select('kind')
    .where('id', '=', chat.chatId)
    .execute()
  expect(documents).toEqual([])
})

test('beyond 999 conversations of both channels each new chat is escalated', async () => {
  const scene = await anotherScene(server)
  const bot = await givenChatBot(scene, OBEYS)
  await bot.person()
  const { userId } = await call<Connector>(scene, 'GET', `connectors/${bot.connectorId}`)
  const slots = Array.from({ length: 999 }, (_, nth) => `conversation ${nth}`)
  await scene.context.messaging.conversations.changeAgent(scene.accountId, userId, (agent) => ({
    agent: { ...agent, slots },
  }))
  const chat = await bot.start({ text: 'hello' })
  await chat.sees({ type: 'transferred', skillName: bot.escalationName })
  expect(await chat.said()).toEqual(['A human will help you'])
  await scene.clock.advance(0)
  const limit = `${PREFIX}pipes.conversation-limit-checker.max-conv-limit-reached`
  expect(await names(bot)).toEqual([limit])
})

test('a bot whose vendor is interrupted takes chats and gives them away at once, without an error', async () => {
  const scene = await anotherScene(server)
  const bot = await givenChatBot(scene, `callback(new Error('no'), null)`)
  await bot.person()
  const path = `connectors/${bot.connectorId}/state`
  expect(await call(scene, 'PUT', path, { state: 'online' })).toMatchObject({
    state: 'vendor-interruption',
  })
  const chat = await bot.start({ text: 'hello' })
  await chat.sees({ type: 'transferred', skillName: bot.escalationName })
  expect(await chat.said()).toEqual(['A human will help you'])
  expect(await bot.errors()).toEqual([])
})

test('a browser that goes away in a turn gets the rest when it is back', async () => {
  const scene = await anotherScene(server)
  const bot = await givenChatBot(scene, OBEYS)
  const chat = await bot.start()
  await untilServed(chat)
  await scene.clock.advance(1_000)
  const path = `/api/v1/accounts/${scene.accountId}/consumer/chats/${chat.chatId}/events`
  const headers = { authorization: `Bearer ${chat.token}` }
  let last: string | undefined
  {
    using stream = await openEventSource(`${scene.url}${path}`, headers)
    await chat.say(JSON.stringify({ messages: ['one', { delay: 5 }, 'two'] }))
    last = (await stream.until(({ json }) => json['text'] === 'one')).id
  }
  await scene.clock.advance(5_000)
  await chat.hears('one', 'two')
  const again = { ...headers, 'last-event-id': last ?? '' }
  using stream = await openEventSource(`${scene.url}${path}`, again)
  await stream.until(({ json }) => json['text'] === 'two')
  const entries = stream.events.filter(({ event }) => event === 'entry')
  expect(entries.map(({ json }) => json['text'])).toEqual(['two'])
})
