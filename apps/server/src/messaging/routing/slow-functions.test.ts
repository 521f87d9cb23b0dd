import { expect, test } from 'vitest'
import {
  anotherScene,
  call,
  givenFunction,
  openAgentSocket,
  openConsumerSocket,
  startTestServer,
} from '#testing'

const SLOW = `setTimeout(() => callback(null, []), 20_000)`

test('300 conversations whose function takes 20 seconds do not delay the ring of another skill', async () => {
  await using server = await startTestServer({ clock: 'system' })
  const scene = await anotherScene(server)
  const { accountId, agents } = scene
  await givenFunction(scene, 'controllerbot_messaging_new_conversation', SLOW, {
    skills: ['1001'],
  })
  const place = { url: server.url, accountId }
  await using agent = await openAgentSocket(place, agents[0]!)
  await call(scene, 'PATCH', `users/${agent.userId}`, { skillIds: ['1002'] })
  await agent.goOnline()
  await using sockets = new AsyncDisposableStack()
  const open = async (skillId: string) => {
    const consumer = sockets.use(await openConsumerSocket(place))
    return () => consumer.openConversation({ skillId })
  }
  const other = await open('1002')
  for (let count = 0; count < 300; count += 50) {
    await Promise.all(Array.from({ length: 50 }, async () => (await open('1001'))()))
  }
  await expect
    .poll(
      async () =>
        (
          await server.context.store.db
            .selectFrom('outbox')
            .select('id')
            .where('accountId', '=', accountId)
            .where('consumer', '=', 'controller-bot')
            .execute()
        ).length,
    )
    .toBeGreaterThan(200)

  const openedAt = performance.now()
  await agent.ring(await other())

  // Some milliseconds on a quiet machine; behind the functions it would be most of 20 seconds.
  expect(performance.now() - openedAt).toBeLessThan(4_000)
}, 120_000)
