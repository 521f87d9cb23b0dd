import type { TimelineEntry } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  multiplyMessages,
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

test('a page holds no more of long messages than its reader has room for, and the next goes on behind it', async () => {
  const scene = await anotherScene(server)
  await using consumer = await openConsumerSocket(scene)
  const dialogId = await consumer.openConversation({ skillId: '1001' })
  const event = { type: 'ContentEvent', contentType: 'text/plain', message: 'Hello' }
  const metadata = [{ type: 'Page', read: 'x'.repeat(19_000) }]
  await consumer.request('ms.PublishEvent', { dialogId, event }, { metadata })
  await multiplyMessages(server, dialogId, 250)

  const pages: Timeline[] = []
  for (let after: string | undefined = ''; after !== undefined; after = pages.at(-1)?.next) {
    const path = `conversations/${dialogId}/timeline?kind=message&limit=200&after=${after}`
    pages.push(
      await call<Timeline>(scene, 'GET', after === '' ? path.replace('&after=', '') : path),
    )
  }
  const lengths = pages.map((page) => JSON.stringify(page).length)
  expect(Math.max(...lengths)).toBeLessThan(3_000_000)
  const sequences = pages.flatMap(({ entries }) =>
    entries.flatMap((entry) => (entry.kind === 'message' ? [entry.sequence] : [])),
  )
  expect(sequences).toEqual(Array.from({ length: sequences.length }, (_, at) => at))
  expect(sequences.length).toBeGreaterThan(250)
  // Short ones come as many as are asked for.
  const short = await call<Timeline>(scene, 'GET', `conversations/${dialogId}/timeline?limit=3`)
  expect(short.entries).toHaveLength(3)
})
