import type { ServerResponse } from 'node:http'
import { sql } from 'kysely'
import type { Connector, Skill } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  givenSkill,
  type HttpSite,
  startHttpSite,
  startTestServer,
} from '#testing'
import type { TestServer } from '#testing'
import { givenChatBot } from './in-chat.fixture.ts'
import { givenBot, said, takesAway } from './connectors.fixture.ts'

let server: TestServer
let site: HttpSite
/** A function that asks the site goes on when the test ends this answer. */
let asked: PromiseWithResolvers<ServerResponse>
beforeAll(async () => {
  site = await startHttpSite((_request, answer) => asked.resolve(answer))
  server = await startTestServer({ env: { PARLEY_EGRESS_PRIVATE: site.host } })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await site[Symbol.asyncDispose]()
})

test('a bot that is stopped while its start is tried stays stopped, until it is started again', async () => {
  const scene = await anotherScene(server)
  const { connectorId, fn } = await givenBot(scene, `callback(null, { messages: ['unheard'] })`)
  const path = `connectors/${connectorId}`
  const put = (state: string) => call<Connector>(scene, 'PUT', `${path}/state`, { state })
  const slow = await fn(`await fetch('${site.origin}'); callback(null, { messages: ['here'] })`)
  await put('offline')
  await call(scene, 'PATCH', path, { vendor: { kind: 'function', functionId: slow } })

  asked = Promise.withResolvers()
  const starting = put('online')
  const answer = await asked.promise
  expect((await put('offline')).state).toBe('offline')
  answer.end()
  expect((await starting).state).toBe('offline')
  expect((await call<Connector>(scene, 'GET', path)).state).toBe('offline')

  asked = Promise.withResolvers()
  const again = put('online')
  ;(await asked.promise).end()
  expect((await again).state).toBe('online')
})

test('a function that fails late does not take a conversation away that has come to its bot again meanwhile', async () => {
  const scene = await anotherScene(server)
  const bot = await givenBot(scene, `callback(null, JSON.parse(input.payload.message))`)
  const lambdaUuid = await bot.fn(`await fetch('${site.origin}'); callback(new Error('late'))`)
  const { consumer, conversationId } = await bot.consumer()
  await using _ = consumer
  const hears = async (answer: { messages: [string]; context?: object }) => {
    await consumer.say(conversationId, JSON.stringify(answer))
    await consumer.message(conversationId, ({ text }) => text === answer.messages[0])
  }

  asked = Promise.withResolvers()
  const actionParameters = { lambdaUuid, failOnError: true }
  await hears({ messages: ['first stay'], context: { action: 'INVOCATION', actionParameters } })
  const answer = await asked.promise
  // Moving the clock would wait for the function.
  scene.clock.goOnFrom(scene.clock.now() + 1000)
  await takesAway({ ...bot, escalationId: bot.skillId, consumer, conversationId })
  await hears({ messages: ['second stay'] })
  answer.end()
  await scene.clock.advance(0)

  expect(await bot.errors()).toEqual([])
  await hears({ messages: ['still here'] })
  expect(said(consumer, conversationId)).toEqual(['first stay', 'second stay', 'still here'])
})

test('where the rest of an answer cannot be said, the bot that keeps the chat answers the next line', async () => {
  const scene = await anotherScene(server)
  const bot = await givenChatBot(
    scene,
    `const { event, message } = input.payload
    const pause = { delay: 1, typing: false }
    if (event) return callback(null, { messages: [pause] })
    callback(null, { messages: message === 'go' ? ['first', pause, 'broken'] : ['heard ' + message] })`,
  )
  const { db } = scene.context.store
  await sql`create function refuse_for_test() returns trigger language plpgsql as
    ${sql.lit(`begin raise exception 'refused for the test'; end`)}`.execute(db)
  await sql`create trigger refuse_for_test before insert on message for each row
    when (new.body::text like '%broken%') execute function refuse_for_test()`.execute(db)
  const chat = await bot.start()
  await expect.poll(async () => (await chat.view()).chat.stage).toBe('active')
  await scene.clock.advance(1_000)

  await chat.say('go')
  await chat.hears('first')
  // The end of the pause, and every attempt.
  await scene.clock.advance(10_000)
  const given = ['first', 'A human will help you', 'Nobody can help you now']
  await chat.hears(...given)
  await chat.say('again')
  await scene.clock.advance(10_000)
  expect(await chat.said()).toEqual([...given, 'heard again'])
})

test('a handover that waits behind a pause goes to its skill, though that has another name by then', async () => {
  const scene = await anotherScene(server)
  const bot = await givenBot(
    scene,
    `const actionParameters = JSON.parse(input.payload.message)
    const messages = ['A moment', { delay: 60 }, 'Here they are']
    callback(null, { messages, context: { action: 'TRANSFER', actionParameters } })`,
  )
  const wanted = await givenSkill(scene)
  const { name } = await call<Skill>(scene, 'PATCH', `skills/${wanted}`, { name: 'Before' })
  const { consumer, conversationId } = await bot.consumer()
  await using _ = consumer
  await consumer.say(conversationId, JSON.stringify({ skill: name }))
  await consumer.message(conversationId, ({ text }) => text === 'A moment')

  await call(scene, 'PATCH', `skills/${wanted}`, { name: 'After' })
  await scene.clock.advance(60_000)

  await consumer.message(conversationId, ({ text }) => text === 'Here they are')
  await expect.poll(() => consumer.details(conversationId)).toMatchObject({ skillId: wanted })
  expect(await bot.errors()).toEqual([])
})

test('an error that arrives after its bot was deleted is not stored', async () => {
  const scene = await anotherScene(server)
  const { connectorId } = await givenBot(scene, `callback(null, { messages: ['unheard'] })`)
  const { accountId, clock } = scene
  const { store, delivery } = server.context
  const fails = async (conversationId: string) => {
    const error = { errorId: crypto.randomUUID(), name: 'failed', at: clock.now() }
    const facts = { botId: connectorId, kind: 'connector', conversationId, ...error }
    await store.transaction(async (tx) =>
      store.enqueue(tx, accountId, [{ consumer: 'bot-errors', orderingKey: 'one', facts }]),
    )
    delivery.wake()
    await clock.advance(0)
  }
  const stored = () =>
    store.db
      .selectFrom('botError')
      .select('conversationId')
      .where('accountId', '=', accountId)
      .execute()

  await fails('before')
  expect(await stored()).toEqual([{ conversationId: 'before' }])
  await scene.request('DELETE', `/api/v1/accounts/${accountId}/connectors/${connectorId}`, {
    bearer: scene.adminBearer,
  })
  await fails('after')
  expect(await stored()).toEqual([])
})

test('a bot that is deleted twice at once is found once, and nothing of its agent stays', async () => {
  const scene = await anotherScene(server)
  const { connectorId } = await givenBot(scene, `callback(null, { messages: ['unheard'] })`)
  const { accountId, clock } = scene
  const { userId } = await call<Connector>(scene, 'GET', `connectors/${connectorId}`)
  const remove = async () => {
    const path = `/api/v1/accounts/${accountId}/connectors/${connectorId}`
    return (await scene.request('DELETE', path, { bearer: scene.adminBearer })).status
  }
  const { store, delivery } = server.context
  const agents = () =>
    store.db
      .selectFrom('document')
      .select('id')
      .where('accountId', '=', accountId)
      .where('kind', '=', 'agent')
      .where('id', '=', userId)
      .execute()
  expect(await agents()).toHaveLength(1)

  const removed = await Promise.all([remove(), remove()])
  expect(new Set(removed)).toEqual(new Set([204, 404]))
  await clock.advance(0)
  expect(await agents()).toEqual([])

  // As after a crash between the end of its user and that of the row.
  const facts = { botId: connectorId, userId }
  await store.transaction(async (tx) =>
    store.enqueue(tx, accountId, [{ consumer: 'bot-states', orderingKey: connectorId, facts }]),
  )
  delivery.wake()
  await clock.advance(0)
  expect(await agents()).toEqual([])
})
