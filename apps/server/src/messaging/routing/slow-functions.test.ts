import { expect, test } from 'vitest'
import {
  anotherScene,
  call,
  fastestMs,
  givenFunction,
  openAgentSocket,
  openConsumerSocket,
  startTestServer,
} from '#testing'

const SLOW = `setTimeout(() => callback(null, []), 28_000)`

/** The most that one account may run at once on a node. */
const SHARE = 128
const RING_MS = 200

test('300 conversations whose function takes half a minute do not delay the ring of another skill, nor take what waits from other nodes', async () => {
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
  const others: (() => Promise<string>)[] = []
  for (let count = 0; count < 4; count += 1) others.push(await open('1002'))
  const opening: (() => Promise<string>)[] = []
  for (let count = 0; count < 300; count += 50) {
    opening.push(...(await Promise.all(Array.from({ length: 50 }, () => open('1001')))))
  }
  // At once: the first functions must not have ended when the last conversation is open.
  await Promise.all(opening.map((openOne) => openOne()))
  const waiting = async () =>
    (
      await server.context.store.db
        .selectFrom('outbox')
        .select('id')
        .where('accountId', '=', accountId)
        .where('consumer', '=', 'controller-bot')
        .execute()
    ).map(({ id }) => id)
  const before = await waiting()
  const { queues } = await call<{ queues: Queue[] }>(scene, 'GET', 'deliveries')
  const events = queues.find(({ name }) => name === 'controller-bot')
  // What only waits is leased by nobody: any node may take it. A slow machine has ended the first ones, too.
  expect(events?.waiting).toBeGreaterThan(SHARE)
  expect(events?.running).toBeGreaterThan(0)
  expect(events?.running).toBeLessThanOrEqual(SHARE)

  const ring = async () => await agent.accept(await others.pop()!())
  expect(await fastestMs(RING_MS, ring)).toBeLessThan(RING_MS)

  // Behind the functions, the ring would come when nearly all have ended.
  const after = new Set(await waiting())
  expect(before.filter((id) => after.has(id)).length).toBeGreaterThan(before.length / 2)
})

interface Queue {
  name: string
  waiting: number
  running: number
}
