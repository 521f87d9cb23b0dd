import type { BotImport, BuilderBot } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  givenSkill,
  login,
  openConsumerSocket,
  type Scene,
  startChat,
  startTestServer,
  type TestServer,
} from '#testing'
import { botOf, exportOf, givenBot, ruleTo, starterStep, textStep } from './builder-bots.fixture.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

/** A person with this skill, logged in. */
async function givenPerson(scene: Scene, skillId: string) {
  const [known] = scene.agents
  if (!known) throw new Error('No agent')
  const { bearer, userId } = await login(scene, known)
  await call(scene, 'PATCH', `users/${userId}`, { skillIds: [skillId] })
  const base = `/api/v1/accounts/${scene.accountId}`
  return (method: string, path: string) => scene.request(method, `${base}${path}`, { bearer })
}

const content = (data: object) => ({ results: { tile: { tileData: [data] } } })
const quickReplyList = [{ title: 'Red' }, { title: 'Blue' }]

test('a bot of Conversation Builder serves its skills in live chat, with choices as lines', async () => {
  const scene = await anotherScene(server)
  const question = {
    id: 'q',
    interactionType: 'TEXT_QUESTION',
    content: content({ text: 'Which one?', quickReplyList }),
    responseMatches: [ruleTo('end')],
  }
  const file = botOf([starterStep('hi', 'q'), question, textStep('end', 'Noted')])
  const { botId, skillId } = await givenBot(scene, file)
  expect((await call<BuilderBot>(scene, 'GET', `bots/${botId}`)).channels).toEqual([
    'messaging',
    'chat',
  ])
  const chat = await startChat(scene, { skillId, text: 'hi' })
  await chat.hears('Which one?\n- Red\n- Blue')
  await chat.say('Red')
  await chat.hears('Which one?\n- Red\n- Blue', 'Noted')
  const refused = await scene.request(
    'DELETE',
    `/api/v1/accounts/${scene.accountId}/bots/${botId}`,
    {
      bearer: scene.adminBearer,
    },
  )
  expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('1 open')])
})

test('a bot hands a chat over with its summary, which only agents see', async () => {
  const scene = await anotherScene(server)
  const helpSkillId = await givenSkill(scene)
  const person = await givenPerson(scene, helpSkillId)
  const escalation = {
    skillId: helpSkillId,
    messageToCustomer: 'A human will help you',
    messageToAgent: '',
    transferFailureMessage: 'Nobody is there',
  }
  const hands = { id: 'e', interactionType: 'ESCALATION', content: content({ text: 'One moment' }) }
  const file = botOf([starterStep('human', 'e'), hands])
  const { skillId } = await givenBot(scene, file, { escalation })
  const chat = await startChat(scene, { skillId, text: 'human' })
  await chat.sees({ type: 'transferred' })
  expect((await chat.view()).entries.map(({ type }) => type)).not.toContain('note')
  const { entries } = (await person('GET', `/chats/${chat.chatId}`)).json<{
    entries: { type: string }[]
  }>()
  expect(entries.map(({ type }) => type)).toContain('note')
  expect((await person('POST', `/chats/${chat.chatId}/accept`)).status).toBe(200)
})

const preProcessMessage = `botContext.setBotVariable('known', [
  botContext.getLPEngagementAttribute('customerId'),
  botContext.getLPEngagementAttribute('info.ctype'),
  botContext.getLPEngagementAttribute('nothing'),
  JSON.stringify(botContext.getLPCustomerInfo()),
].join(' '), true, false)`
const KNOWN = 'Known: c-1 vip  {"ctype":"vip","customerId":"c-1"}'
const SDE = { type: 'ctmrinfo', info: { customerId: 'c-1', ctype: 'vip' } }

test('code of a bot reads engagement attributes, in messaging and in live chat', async () => {
  const scene = await anotherScene(server)
  const file = botOf([
    starterStep('hi', 't'),
    textStep('t', 'Known: {$botContext.known}', { preProcessMessage }),
  ])
  const { skillId } = await givenBot(scene, file)
  const visitorId = 'visitor-1'
  const sdes = [SDE]
  const { people } = scene.context.messaging
  await people.addVisitorAttributes(scene.accountId, visitorId, { sdes })
  const chat = await startChat(scene, { skillId, text: 'hi', context: { visitorId } })
  await chat.hears(KNOWN)

  const context = { visitorId, type: 'SharkContext' }
  await using consumer = await openConsumerSocket(scene)
  const conversationId = await consumer.openConversation({
    skillId,
    conversationContext: context,
  })
  await consumer.say(conversationId, 'hi')
  await consumer.message(
    conversationId,
    ({ role, text }) => role === 'ASSIGNED_AGENT' && text === KNOWN,
  )
})

test('a channel is taken from a bot', async () => {
  const scene = await anotherScene(server)
  const skillId = await givenSkill(scene)
  const { botId } = await call<BotImport>(scene, 'POST', 'bots', exportOf('pizza'))
  await call(scene, 'PATCH', `bots/${botId}`, { skillIds: [skillId], channels: ['messaging'] })
  await call(scene, 'PUT', `bots/${botId}/state`, { state: 'online' })
  const chat = await startChat(scene, { skillId, text: 'hello' })
  await scene.clock.advance(0)
  expect((await chat.view()).chat.stage).toBe('waiting')
})
