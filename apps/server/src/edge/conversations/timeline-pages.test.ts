import type { TimelineEntry } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  openAgentSocket,
  openConsumerSocket,
  startTestServer,
  type TestServer,
} from '#testing'

interface Timeline {
  entries: TimelineEntry[]
  next?: string
}

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ wallClock: 'system' })
})
afterAll(() => server[Symbol.asyncDispose]())

test('what is added in the instant in which a page ends neither repeats nor hides what follows', async () => {
  const scene = await anotherScene(server)
  await using consumer = await openConsumerSocket(scene)
  await using agent = await openAgentSocket(scene, scene.agents[0]!)
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.ring(conversationId)
  const read = async (query: string) =>
    await call<Timeline>(
      scene,
      'GET',
      `conversations/${conversationId}/timeline?kind=event&${query}`,
    )
  const { entries: all } = await read('')
  const last = all.at(-1)
  expect(last).toMatchObject({ type: 'timer-set' })
  const first = await read(`limit=${all.length - 1}`)

  // The clock stands: that the agent joins stands in the same instant, before the timers.
  await agent.accept(conversationId)
  const { entries: rest } = await read(`after=${first.next}`)

  const seen = [...first.entries, ...rest].map((entry) => JSON.stringify(entry))
  expect(new Set(seen).size).toBe(seen.length)
  expect(seen).toContain(JSON.stringify(last))
})
