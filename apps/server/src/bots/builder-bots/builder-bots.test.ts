import { login } from '@parley/client'
import type { BotImport, BuilderBot } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  givenSkill,
  lambdasOf,
  openAgentSocket,
  startHttpSite,
  startTestServer,
  type TestServer,
} from '#testing'
import {
  ask,
  botOf,
  exportOf,
  fileOf,
  givenBot,
  givenConsumer,
  native,
  starterStep,
  textStep,
} from './builder-bots.fixture.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

test('a bot is imported, also when the answer was lost, shown, exported as it came, replaced and deleted', async () => {
  const scene = await anotherScene(server)
  const file = { ...exportOf('city-guide'), somethingElse: { kept: [1, null, 'x'] } }

  const made = await call<BotImport>(scene, 'POST', 'bots', file)

  expect(made.revision).toBe(1)
  expect(made.hosts).toEqual([{ host: '127.0.0.1', allowed: false }])
  expect(made.warnings.map(({ interaction }) => interaction)).toContain('s-weather')
  const path = `bots/${made.botId}`
  const shown = await call<BuilderBot>(scene, 'GET', path)
  expect(shown).toMatchObject({
    exportId: 'own-city',
    name: 'City guide',
    revision: 1,
    skillIds: [],
    state: 'offline',
    openConversations: 0,
  })
  expect(await call(scene, 'GET', 'bots')).toEqual({ bots: [shown] })
  expect(await call(scene, 'GET', `${path}/export`)).toEqual(file)

  expect(await call<BotImport>(scene, 'POST', 'bots', file)).toEqual(made)
  const changed = await native(scene, 'POST', 'bots', exportOf('city-guide'))
  expect([changed.status, changed.text]).toEqual([409, expect.stringContaining('own-city')])
  const replaced = await call<BotImport>(scene, 'PUT', path, exportOf('city-guide'))
  expect(replaced.revision).toBe(2)
  expect(await call(scene, 'GET', `${path}/export`)).toEqual(exportOf('city-guide'))
  const other = await native(scene, 'PUT', path, exportOf('pizza'))
  expect([other.status, other.text]).toEqual([400, expect.stringContaining('body.bot.id')])

  const again = await native(scene, 'POST', 'bots', exportOf('city-guide'))
  expect([again.status, again.text]).toEqual([409, expect.stringContaining('own-city')])

  await call(scene, 'DELETE', path)
  expect((await native(scene, 'GET', path)).status).toBe(404)
  expect((await call<BotImport>(scene, 'POST', 'bots', file)).revision).toBe(1)
})

test('what is no export, and skills that are not there, are refused with the field', async () => {
  const scene = await anotherScene(server)
  const refused = async (method: string, path: string, body: unknown, words: string) => {
    const reply = await native(scene, method, path, body)
    expect([reply.status, reply.text]).toEqual([400, expect.stringContaining(words)])
  }
  await refused('POST', 'bots', { name: 'x' }, 'A Conversation Builder export is one JSON object')
  await refused('POST', 'bots', [], 'body')
  const { botId } = await call<BotImport>(scene, 'POST', 'bots', exportOf('pizza'))
  await refused('PATCH', `bots/${botId}`, { skillIds: ['999999'] }, 'body.skillIds.0')
  await refused('PATCH', `bots/${botId}`, { skillMap: { 4711: '999999' } }, 'body.skillMap.4711')
  await refused('PATCH', `bots/${botId}`, { answers: { A: { status: 'x' } } }, 'answers.A.status')
  await refused('POST', `bots/${botId}/talk`, { message: 'hi', state: { x: 1 } }, 'body.state')
  expect((await native(scene, 'GET', `bots/${crypto.randomUUID()}`)).status).toBe(404)
})

test('another account neither sees a bot nor talks to it', async () => {
  const [scene, other] = [await anotherScene(server), await anotherScene(server)]
  const { botId } = await call<BotImport>(scene, 'POST', 'bots', exportOf('pizza'))

  expect(await call(other, 'GET', 'bots')).toEqual({ bots: [] })
  for (const path of [`bots/${botId}`, `bots/${botId}/export`]) {
    expect((await native(other, 'GET', path)).status).toBe(404)
  }
  const talk = await native(other, 'POST', `bots/${botId}/talk`, { message: 'hi' })
  expect(talk.status).toBe(404)
})

interface Talk {
  outputs: { kind: string; text?: string }[]
  notes: object[]
  state: unknown
}

test('a bot can be talked to without a conversation; the caller keeps the state', async () => {
  const scene = await anotherScene(server)
  const { botId } = await call<BotImport>(scene, 'POST', 'bots', exportOf('help-desk'))
  await call(scene, 'PATCH', `bots/${botId}`, {
    answers: { 'Order status': { body: { state: 'shipped' } } },
  })

  const first = await call<Talk>(scene, 'POST', `bots/${botId}/talk`, { message: 'help' })
  const { state } = first
  const second = await call<Talk>(scene, 'POST', `bots/${botId}/talk`, { message: 'Order', state })

  expect(first.outputs.at(-1)).toMatchObject({
    text: 'What is it about?',
    quickReplies: [{ title: 'Order', payload: 'TOPIC_ORDER' }, { title: 'Person' }],
  })
  expect(second.outputs).toEqual([{ kind: 'text', text: 'Your order: shipped' }])
})

test('a bot that is talked to knows later lines as the same conversation, with what its code has put into the context store', async () => {
  const scene = await anotherScene(server)
  const written = `
    botContext.registerContextNamespace('pizza', 60)
    botContext.setContextDataForConversation('pizza', 'size', 'large')
    botContext.setContextDataForUser('custom', 'name', { first: 'Ada' })
    botContext.setContextDataForUser('custom', 'list', new Array(20000).fill(1))
    botContext.setBotVariable('first', botContext.getConversationId(), true, false)`
  const read = `
    var isSame = botContext.getBotVariable('first') === botContext.getConversationId()
    var size = botContext.getContextDataForConversation('pizza', 'size')
    var name = botContext.getContextDataForUser('custom', 'name')
    botContext.sendMessage(isSame + ' ' + size + ' ' + (name && name.first))`
  const file = botOf([
    starterStep('write', 'w'),
    textStep('w', 'Written', { preProcessMessage: written }),
    starterStep('read', 'r'),
    textStep('r', 'Read', { preProcessMessage: read }),
  ])
  const { botId } = await call<BotImport>(scene, 'POST', 'bots', file)
  const path = `bots/${botId}/talk`

  const { state } = await call<Talk>(scene, 'POST', path, { message: 'write' })
  const known = await call<Talk>(scene, 'POST', path, { message: 'read', state })
  const anew = await call<Talk>(scene, 'POST', path, { message: 'read' })

  expect(known.outputs[0]).toEqual({ kind: 'text', text: 'true large Ada' })
  expect(anew.outputs[0]).toEqual({ kind: 'text', text: 'false null null' })
})

test('a bot serves a conversation: rules, quick replies, cards, what it keeps for ever', async () => {
  const scene = await anotherScene(server)
  const withoutPauses = fileOf('pizza').replace(
    '"interactionDelay": "1500"',
    '"interactionDelay": "0"',
  )
  const { skillId } = await givenBot(scene, JSON.parse(withoutPauses))
  const { consumer, conversationId } = await givenConsumer(scene, skillId)
  await using _ = consumer

  await ask(consumer, conversationId, 'what?', 'I only know pizza. Say "hello" or "order".')
  await consumer.say(conversationId, 'order')
  await consumer.until(() => consumer.messages(conversationId).length >= 4, 'the card')
  await ask(consumer, conversationId, '2', 'What on it?\na. Cheese\nb. Ham\nc. Nothing')
  await ask(consumer, conversationId, 'b', 'How many?')
  await ask(consumer, conversationId, 'many', 'A number, please.')
  await ask(consumer, conversationId, 'I want 3', 'What is your name?')
  await consumer.say(conversationId, 'Ada')
  await consumer.until(() => consumer.messages(conversationId).length >= 15, 'the question')
  await ask(consumer, conversationId, 'Yes', 'On its way.')
  await ask(consumer, conversationId, 'hello', 'What can I do? You said: hello')
  await ask(consumer, conversationId, 'nothing', 'Bye, quiet guest .')
  await consumer.until(() => consumer.details(conversationId)?.state === 'CLOSE', 'the end')

  const next = await consumer.openConversation({ skillId })
  await ask(consumer, next, 'hello', 'What can I do? You said: hello')
  expect(
    consumer.messages(next).map(({ text }) => text?.replace('Nice to see you', 'Welcome')),
  ).toContain('Welcome Ada!')
})

test('a bot calls a function, and hands over to the skill that stands for that of its export', async () => {
  const scene = await anotherScene(server)
  const lambdaUuid = await lambdasOf(scene).deployed(
    `function lambda({ headers, payload }, callback) {
      const desk = headers.find(({ key }) => key === 'x-desk').value
      callback(null, { state: payload.who + ' ' + payload.said + ' at desk ' + desk })
    }`,
  )
  const file = fileOf('help-desk').replace('00000000-0000-4000-8000-000000000001', lambdaUuid)
  const peopleId = await givenSkill(scene)
  const skillMap = { 4711: peopleId }
  const { botId, skillId } = await givenBot(scene, JSON.parse(file), { skillMap })
  const { consumer, conversationId } = await givenConsumer(scene, skillId)
  await using _ = consumer
  const [known] = scene.agents
  const session = await login(scene, known!)
  await call(scene, 'PATCH', `users/${session.userId}`, { skillIds: [peopleId] })
  await using agent = await openAgentSocket(scene, { ...session, pid: session.pid ?? '' })
  await agent.goOnline()

  const askForHelp = async (times: number) => {
    await consumer.say(conversationId, 'help')
    const count = (begin: string) =>
      consumer.messages(conversationId).filter(({ text }) => text?.startsWith(begin)).length
    await consumer.until(() => count('Hello Ada') === times, 'the greeting')
    // The bot pauses after its greeting.
    await scene.clock.advance(1_000)
    await consumer.until(() => count('What is it about?') === times, 'the question')
  }

  await askForHelp(1)
  await ask(consumer, conversationId, 'Order', 'Your order: Ada Order at desk 1')
  const refused = await native(scene, 'DELETE', `bots/${botId}`)
  expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('1 open')])
  await askForHelp(2)
  await ask(consumer, conversationId, 'Person', 'A person will help you, Ada.')

  await agent.accept(conversationId)
  await agent.message(conversationId, ({ text }) => text === 'A person will help you, Ada.')
  const summary = await agent.message(
    conversationId,
    ({ text }) => text?.startsWith('Summary') === true,
  )
  expect(summary.text?.split('\n')).toEqual([
    'Summary of the bot: Help desk',
    'Dialog: Help, Hand over',
    'Name: Ada',
    'E-mail: ada@example.com',
    'Topic: Person',
  ])
  await agent.say(conversationId, 'Here I am')
  await consumer.message(conversationId, ({ text }) => text === 'Here I am')
  expect(consumer.messages(conversationId).map(({ text }) => text)).not.toContain(summary.text)
})

test('a bot calls an HTTP API only where the account and the operator let it', async () => {
  await using api = await startHttpSite((request, answer) => {
    const days = [{ name: 'Mon', degrees: 20 }]
    const isSaved = request.method === 'POST'
    answer.end(JSON.stringify(isSaved ? { ok: 'yes' } : { text: 'sunny', days }))
  })
  const env = { PARLEY_EGRESS_PRIVATE: api.host }
  await using open = await startTestServer({ env })
  const scene = await anotherScene(open)
  const file = JSON.parse(fileOf('city-guide').replaceAll('4899', String(api.port))) as object
  const { skillId } = await givenBot(scene, file)
  const closed = await anotherScene(server)
  const elsewhere = await givenBot(closed, file)

  const { consumer, conversationId } = await givenConsumer(scene, skillId)
  await using _ = consumer
  const question = 'Which city? You seem to be in  ().'
  await ask(consumer, conversationId, 'weather', question)
  await ask(consumer, conversationId, 'Rome', 'Rome: SUNNY at 20 C; SUNNY. Intent none/none/none.')
  await consumer.message(conversationId, ({ text }) => text === 'Saved: yes')
  const second = await givenConsumer(closed, elsewhere.skillId)
  await using __ = second.consumer
  await ask(second.consumer, second.conversationId, 'weather', question)
  await ask(
    second.consumer,
    second.conversationId,
    'Rome',
    'The weather service does not answer for Rome.',
  )
})

test('a node reads an export once, not in every turn', async () => {
  const scene = await anotherScene(server)
  const { botId, skillId } = await givenBot(scene, exportOf('pizza'))
  const { consumer, conversationId } = await givenConsumer(scene, skillId)
  await using _ = consumer
  const said = 'I only know pizza. Say "hello" or "order".'
  await ask(consumer, conversationId, 'what?', said)

  await server.context.store.db
    .updateTable('builderBotRevision')
    .set({ file: 'no export' })
    .where('botId', '=', botId)
    .execute()

  await ask(consumer, conversationId, 'what else?', said)
})

test('an open conversation ends on the export with which it began', async () => {
  const scene = await anotherScene(server)
  const file = exportOf('pizza')
  const { botId, skillId } = await givenBot(scene, file)
  const { consumer, conversationId } = await givenConsumer(scene, skillId)
  await using _ = consumer
  const said = 'I only know pizza. Say "hello" or "order".'
  await ask(consumer, conversationId, 'what?', said)

  const changed = JSON.parse(fileOf('pizza').replace('I only know pizza', 'I know pasta, too'))
  await call(scene, 'PUT', `bots/${botId}`, changed)

  await ask(consumer, conversationId, 'what else?', said)
  const later = await givenConsumer(scene, skillId)
  await using __ = later.consumer
  await ask(
    later.consumer,
    later.conversationId,
    'what?',
    'I know pasta, too. Say "hello" or "order".',
  )
})
