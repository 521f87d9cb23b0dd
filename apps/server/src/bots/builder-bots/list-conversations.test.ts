import type { listBuilderConversations } from '@parley/contract'
import { login } from '@parley/client'
import { expect, test } from 'vitest'
import type * as z from 'zod'
import { anotherScene, call, givenSkill, startChat, startTestServer } from '#testing'
import { ask, exportOf, givenBot, givenConsumer, native } from './builder-bots.fixture.ts'

type Listed = z.output<typeof listBuilderConversations.reply>

const FALLBACK = 'I only know pizza. Say "hello" or "order".'

test('where each conversation of a bot stands is listed, by pages, until it ends', async () => {
  await using server = await startTestServer()
  const scene = await anotherScene(server)
  const { botId, skillId } = await givenBot(scene, exportOf('pizza'))
  const path = `bots/${botId}/conversations`
  const list = (query = '') => call<Listed>(scene, 'GET', `${path}${query}`)
  expect(await list()).toEqual({ conversations: [] })
  const startedAt = new Date(scene.clock.now()).toISOString()
  const waiting = await givenConsumer(scene, skillId)
  await using _ = waiting.consumer
  const between = await givenConsumer(scene, skillId)
  await using __ = between.consumer

  await waiting.consumer.say(waiting.conversationId, 'order')
  await waiting.consumer.until(
    () => waiting.consumer.messages(waiting.conversationId).length >= 2,
    'the card',
  )
  await ask(
    waiting.consumer,
    waiting.conversationId,
    '2',
    'What on it?\na. Cheese\nb. Ham\nc. Nothing',
  )
  await ask(between.consumer, between.conversationId, 'what?', FALLBACK)
  await scene.clock.advance(60_000)
  await ask(between.consumer, between.conversationId, 'what else?', FALLBACK)

  const at = {
    channel: 'messaging',
    notes: [],
    skillId,
    revision: 1,
    since: startedAt,
    standsSince: startedAt,
  }
  const stand = {
    [waiting.conversationId]: {
      ...at,
      dialog: { id: 'd-order', name: 'Order' },
      interaction: { id: 'topping', name: 'Topping' },
    },
    [between.conversationId]: { ...at, dialog: null, interaction: null },
  }
  const both = Object.entries(stand)
    .map(([conversationId, one]) => ({ conversationId, ...one }))
    .toSorted((a, b) => (a.conversationId < b.conversationId ? -1 : 1))
  expect(await list()).toEqual({ conversations: both })
  const first = await list('?limit=1')
  expect(first).toEqual({ conversations: both.slice(0, 1), next: both[0]?.conversationId })
  expect(await list(`?limit=1&after=${first.next}`)).toEqual({ conversations: both.slice(1) })

  // A new export has other names: these two end on theirs.
  const renamed = exportOf('pizza')
  renamed['groups'] = (renamed['groups'] as object[]).map((group) => ({ ...group, name: 'New' }))
  await call(scene, 'PUT', `bots/${botId}`, renamed)
  expect(await list()).toEqual({ conversations: both })
  // Until theirs is not kept any more, which a node that has read it in time says as well.
  for (let more = 0; more < 19; more += 1) await call(scene, 'PUT', `bots/${botId}`, renamed)
  const { conversations } = await list()
  expect(conversations.find(({ interaction }) => interaction)).toMatchObject({
    revision: 1,
    dialog: { id: 'd-order', name: '' },
    interaction: { id: 'topping', name: '' },
  })

  await waiting.consumer.request('cm.UpdateConversationField', {
    conversationId: waiting.conversationId,
    conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
  })
  await expect
    .poll(async () => (await list()).conversations.map(({ conversationId }) => conversationId))
    .toEqual([between.conversationId])
})

test('agents see conversations of their skills only, other accounts none', async () => {
  await using server = await startTestServer()
  const [scene, other] = [await anotherScene(server), await anotherScene(server)]
  const { botId, skillId } = await givenBot(scene, exportOf('pizza'))
  const { consumer, conversationId } = await givenConsumer(scene, skillId)
  await using _ = consumer
  await ask(consumer, conversationId, 'what?', FALLBACK)
  const agent = await login(scene, scene.agents[0]!)
  const setSkills = (skillIds: string[]) =>
    call(scene, 'PATCH', `users/${agent.userId}`, { skillIds })
  const path = `/api/v1/accounts/${scene.accountId}/bots/${botId}/conversations`
  const seen = async () => {
    const reply = await scene.request('GET', path, { bearer: agent.bearer })
    return reply.json<Listed>().conversations.map((one) => one.conversationId)
  }

  await setSkills([await givenSkill(scene)])
  expect(await seen()).toEqual([])
  await setSkills([skillId])
  expect(await seen()).toEqual([conversationId])

  expect((await native(other, 'GET', `bots/${botId}/conversations`)).status).toBe(404)
  const wrong = await native(scene, 'GET', `bots/${botId}/conversations?limit=0`)
  expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining('query.limit')])
})

test('live chats of a bot stand in the list, for who may see them, beside its conversations', async () => {
  await using server = await startTestServer()
  const scene = await anotherScene(server)
  const { botId, skillId } = await givenBot(scene, exportOf('pizza'))
  const chat = await startChat(scene, { skillId, text: 'what?' })
  await chat.hears(FALLBACK)
  const { consumer, conversationId } = await givenConsumer(scene, skillId)
  await using _ = consumer
  await ask(consumer, conversationId, 'what?', FALLBACK)

  const list = (query = '') => call<Listed>(scene, 'GET', `bots/${botId}/conversations${query}`)
  const { conversations } = await list()
  expect(new Set(conversations.map(({ channel }) => channel))).toEqual(
    new Set(['messaging', 'chat']),
  )
  const listed = conversations.find(({ channel }) => channel === 'chat')
  expect(listed).toEqual({
    channel: 'chat',
    conversationId: chat.chatId,
    skillId,
    revision: 1,
    notes: [],
    dialog: null,
    interaction: null,
    since: new Date(scene.clock.now()).toISOString(),
    standsSince: new Date(scene.clock.now()).toISOString(),
  })
  const first = await list('?limit=1')
  const second = await list(`?limit=1&after=${first.next}`)
  expect([...first.conversations, ...second.conversations]).toEqual(conversations)
  expect(second.next).toBeUndefined()

  const agent = await login(scene, scene.agents[0]!)
  await call(scene, 'PATCH', `users/${agent.userId}`, { skillIds: [await givenSkill(scene)] })
  const path = `/api/v1/accounts/${scene.accountId}/bots/${botId}/conversations`
  expect((await scene.request('GET', path, { bearer: agent.bearer })).json<Listed>()).toEqual({
    conversations: [],
  })
})
