import { expect, test } from 'vitest'
import { anotherScene, call, startTestServer } from '#testing'
import { givenBot, said } from './connectors.fixture.ts'

test('a node that has its database for itself answers what was written before the bot came', async () => {
  // No other node writes there, so that this one goes by what it remembers.
  await using server = await startTestServer({ env: { DATABASE_URL: '' } })
  expect(server.context.store.isExclusive).toBe(true)
  const scene = await anotherScene(server)
  const bot = await givenBot(
    scene,
    `callback(null, { messages: ['echo ' + input.payload.message] })`,
  )
  const state = (wanted: string) =>
    call(scene, 'PUT', `connectors/${bot.connectorId}/state`, { state: wanted })
  for (const round of ['one', 'two', 'three']) {
    await state('offline')
    const { consumer, conversationId } = await bot.consumer()
    await using _ = consumer
    await consumer.say(conversationId, round)
    await state('online')
    await consumer.message(conversationId, ({ text }) => text === `echo ${round}`)
    expect(said(consumer, conversationId)).toEqual([`echo ${round}`])
  }
})
