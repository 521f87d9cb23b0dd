import type { ConversationSummary } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  liveChatAccount,
  openConsumerSocket,
  type Reply,
  startTestServer,
  type TestServer,
} from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const idsIn = (reply: Reply) =>
  reply
    .json<{ conversations: ConversationSummary[] }>()
    .conversations.map(({ conversationId }) => conversationId)

/** What is typed, and whether it finds `SAID`. */
const SAID =
  'The parcel\nis  very late, it’s “lost” 100%, in Dorfstraße 3, Grossgasse 4, for Zoe\u0308'
const SEARCHES: [string, boolean][] = [
  ['late parcel', true],
  ['PARCEL is late', true],
  ['"very late"', true],
  ['“very late”', true],
  ['"late very"', false],
  ['parcel refund', false],
  ["it's", true],
  ['„lost“', true],
  ['"lost', true],
  ['100%', true],
  ['1__%', false],
  ['""', false],
  ["'", false],
  ['DORFSTRASSE', true],
  ['dorfstraße gro\u00DFgasse', true],
  ['zo\u00EB', true],
  ['zoe\u0308', true],
  ['zoë dorfgasse', false],
]

test('a search finds the messages with all of its words, in any order; what is between quotes stays together', async () => {
  const scene = await anotherScene(server)
  await using consumer = await openConsumerSocket(scene)
  const conversationId = await consumer.openConversation()
  await consumer.say(conversationId, 'where is my refund')
  await consumer.say(conversationId, SAID)
  for (const [text, isFound] of SEARCHES) {
    const query = new URLSearchParams({ text }).toString()
    const path = `/api/v1/accounts/${scene.accountId}/conversations?${query}`
    const found = await scene.request('GET', path, { bearer: scene.adminBearer })
    expect([text, idsIn(found)]).toEqual([text, isFound ? [conversationId] : []])
  }
})

test('conversations and live chats stand in the list with the name of their consumer, and are found by a part of it', async () => {
  const account = await liveChatAccount(server)
  const { chatId } = await account.start({ text: 'Hello', name: 'Änne Öztürk' })
  await using consumer = await openConsumerSocket({ url: server.url, accountId: account.accountId })
  const profile = { firstName: 'Anders', lastName: 'Öztürk 100%' }
  await consumer.request('userprofile.SetUserProfile', profile)
  const conversationId = await consumer.openConversation()
  await using stranger = await openConsumerSocket({ url: server.url, accountId: account.accountId })
  await stranger.openConversation()
  const named = async (name: string) => {
    const query = new URLSearchParams({ channel: 'all', consumer: name }).toString()
    const { conversations } = (await account.admin('GET', `/conversations?${query}`)).json<{
      conversations: ConversationSummary[]
    }>()
    return Object.fromEntries(conversations.map((one) => [one.conversationId, one.consumerName]))
  }
  const chat = { [chatId]: 'Änne Öztürk' }
  const conversation = { [conversationId]: 'Anders Öztürk 100%' }
  expect(await named('ÖZTÜRK')).toEqual({ ...chat, ...conversation })
  expect(await named('anders öz')).toEqual(conversation)
  expect(await named('änne')).toEqual(chat)
  expect(await named('0_%')).toEqual({})
  expect(await named(consumer.consumerId)).toEqual(conversation)
})

test('live chats are found by the same words', async () => {
  const account = await liveChatAccount(server)
  const { chatId } = await account.start({ text: SAID })
  for (const [text, isFound] of SEARCHES) {
    const query = new URLSearchParams({ text, channel: 'chat' }).toString()
    const found = await account.admin('GET', `/conversations?${query}`)
    expect([text, idsIn(found)]).toEqual([text, isFound ? [chatId] : []])
  }
})
