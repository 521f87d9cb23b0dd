import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import {
  anotherScene,
  call,
  openAgentSocket,
  openConsumerSocket,
  openEventSource,
  startTestServer,
  type TestServer,
} from '#testing'
import { follow, givenUser } from './follow.fixture.ts'

// What a reader is told when other conversations come into its sight, or leave it.

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ nodes: 2, wallClock: 'system' })
})
afterAll(() => server[Symbol.asyncDispose]())

test('a conversation that leaves the sight of a reader, who has not heard of it before, is named once more', async () => {
  const scene = await anotherScene(server)
  const { bearer } = await givenUser(scene, { skillIds: ['1001'] })
  await using agent = await openAgentSocket(scene, scene.agents[0]!)
  await agent.goOnline()
  const open = async (skillId: string) => {
    await using consumer = await openConsumerSocket(scene)
    const id = await consumer.openConversation({ skillId })
    await agent.accept(id)
    return id
  }
  const [leaves, leavesLater] = [await open('1001'), await open('1001')]
  const hidden = await open('1002')
  // As long ago as if the reader had read its lists before.
  await server.clock.advance(60_000)
  const away = (id: string) => agent.update(id, { field: 'Skill', type: 'UPDATE', skill: '1002' })
  const reader = await follow(server, scene, { bearer, query: '?topics=conversations' })
  await agent.say(hidden, 'Only for 1002')
  await away(leaves)
  await reader.told({ topic: 'conversations', id: leaves })
  const revisions = reader.updates().length
  await agent.say(leaves, 'Only for 1002, too')
  reader.source[Symbol.dispose]()

  await server.clock.advance(60_000)
  await away(leavesLater)
  const again = await follow(server, scene, {
    bearer,
    query: '?topics=conversations',
    last: reader.ready.id!,
  })
  await again.told({ topic: 'conversations', id: leavesLater })
  expect(reader.updates()).toHaveLength(revisions)
  expect([...reader.updates(), ...again.updates()].some(({ id }) => id === hidden)).toBe(false)
})

test('a reader whose skills change is told to read its conversations again, also where it was away meanwhile', async () => {
  const scene = await anotherScene(server)
  const agent = await givenUser(scene, { skillIds: ['1001'] })
  const query = '?topics=conversations&chats=true'
  const { updates, source } = await follow(server, scene, { bearer: agent.bearer, query })
  const chats = await openEventSource(
    `${server.urls[0]}/api/v1/accounts/${scene.accountId}/chat-events`,
    { authorization: `Bearer ${agent.bearer}` },
  )
  onTestFinished(() => chats[Symbol.dispose]())
  await chats.until(({ event }) => event === 'ready')
  await call(scene, 'PATCH', `users/${agent.userId}`, { skillIds: ['1002'] })
  for (const stream of [source, chats]) await stream.until(({ event }) => event === 'resync')
  await expect
    .poll(() => updates().some(({ topic, id }) => topic === 'conversations' && id === undefined))
    .toBe(true)
  const back = await follow(server, scene, { bearer: agent.bearer, query: '?topics=conversations' })
  back.source[Symbol.dispose]()
  await call(scene, 'PATCH', `users/${agent.userId}`, { skillIds: ['1001'] })
  const again = await follow(server, scene, {
    bearer: agent.bearer,
    query: '?topics=conversations',
    last: back.ready.id!,
  })
  const told = await again.told({ topic: 'conversations' })
  expect(told.json['id']).toBeUndefined()
})
