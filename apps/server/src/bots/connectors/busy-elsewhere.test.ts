import { login } from '@parley/client'
import { expect, test } from 'vitest'
import { anotherScene, call, openAgentSocket, openConsumerSocket, startTestServer } from '#testing'
import { givenChatBot } from './in-chat.fixture.ts'

const GIVES_UP = `throw new Error('no answer')`

test('a bot gives no chat to an agent who has got a conversation on another node meanwhile', async () => {
  await using server = await startTestServer({ nodes: 2 })
  const scene = await anotherScene(server)
  const bot = await givenChatBot(scene, GIVES_UP)
  const { accountId } = scene
  // Nobody of the account has a socket on the node that serves the chats.
  const there = { url: server.urls[1]!, accountId }
  const session = await login(there, scene.agents[0]!)
  const { escalationId } = bot
  await call(scene, 'PATCH', `users/${session.userId}`, { skillIds: [escalationId], maxSlots: 1 })
  await using agent = await openAgentSocket(there, { ...session, pid: session.pid ?? '' })
  await agent.goOnline()
  const given = await bot.start()
  await given.sees({ type: 'accepted' })
  await given.say('Hello')
  await given.sees({ type: 'transferred', skillName: bot.escalationName })

  await using consumer = await openConsumerSocket(there)
  await agent.accept(await consumer.openConversation({ skillId: escalationId }))

  const kept = await bot.start()
  await kept.sees({ type: 'accepted' })
  await kept.say('Hello')
  await expect.poll(kept.said).toContain('Nobody can help you now')
})
