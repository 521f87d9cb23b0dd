import type { BotError } from '@parley/contract'
import { botErrorName } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anotherScene, call, givenSkill, startTestServer, type TestServer } from '#testing'
import { botOf, givenBot, givenConsumer, native, starterStep } from './builder-bots.fixture.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const card = JSON.stringify({ type: 'image', url: 'https://evil.example/i.png' })
const tileData = [{ universalWidget: { leMessageJson: card } }]
const file = () =>
  botOf([
    starterStep('show', 'card'),
    { id: 'card', interactionType: 'UNIVERSAL', content: { results: { tile: { tileData } } } },
  ])

test('what failed in a bot is listed with its reason, the newest first', async () => {
  const scene = await anotherScene(server)
  await call(scene, 'PATCH', 'settings', { messaging: { imageHosts: ['images.example'] } })
  const escalation = {
    skillId: await givenSkill(scene),
    messageToCustomer: 'A human will help you',
    messageToAgent: '',
    transferFailureMessage: '',
  }
  const { botId, skillId } = await givenBot(scene, file(), { escalation })
  const failed: string[] = []
  for (let at = 0; at < 2; at += 1) {
    const { consumer, conversationId } = await givenConsumer(scene, skillId)
    await using _ = consumer
    await consumer.say(conversationId, 'show')
    await consumer.message(conversationId, ({ text }) => text === 'A human will help you')
    await scene.clock.advance(0)
    failed.unshift(conversationId)
  }

  const { errors } = await call<{ errors: BotError[] }>(scene, 'GET', `bots/${botId}/errors`)

  expect(errors).toMatchObject(
    failed.map((conversationId) => ({
      channel: 'messaging',
      conversationId,
      name: botErrorName('connector.messaging.send-message'),
      reason: 'message.content: the account takes no images from evil.example',
    })),
  )
  const [newest] = errors
  const older = `bots/${botId}/errors?beforeId=${newest?.errorId}`
  expect(await call(scene, 'GET', older)).toEqual({ errors: errors.slice(1) })
  expect((await native(scene, 'GET', `connectors/${botId}/errors`)).status).toBe(404)
  expect((await native(await anotherScene(server), 'GET', `bots/${botId}/errors`)).status).toBe(404)
})
