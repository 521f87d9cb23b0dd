import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { anotherScene, call, countWaiting, startTestServer } from '#testing'
import { givenChatBot } from './in-chat.fixture.ts'

const WELCOMES = `callback(null, { messages: input.payload.event ? ['Welcome'] : [] })`

test('a chat that is erased while its bot is deleted is passed over', async () => {
  await using server = await startTestServer()
  const scene = await anotherScene(server)
  const bot = await givenChatBot(scene, WELCOMES)
  const [held, erased] = [await bot.start(), await bot.start()]
  for (const chat of [held, erased]) await chat.hears('Welcome')
  const users = async () => JSON.stringify(await call(scene, 'GET', 'users'))
  const [locked, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const holding = server.context.store.db.transaction().execute(async (tx) => {
    const row = sql`select from document where kind = 'chat' and id = ${held.chatId} for update`
    await row.execute(tx)
    locked.resolve()
    await released.promise
  })
  await locked.promise
  await call(scene, 'DELETE', `connectors/${bot.connectorId}`)
  await expect.poll(() => countWaiting(server)).toBe(1)
  await erased.end()
  await call(scene, 'DELETE', `chats/${erased.chatId}`)
  released.resolve()
  await holding
  // On a busy machine the wait for the lock is given up meanwhile, and tried again later.
  await server.clock.advance(60_000)

  await held.sees({ type: 'transferred', name: 'Robo' })
  await expect.poll(users).not.toContain('Robo')
})
