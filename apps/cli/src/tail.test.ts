import { createConnection } from 'node:net'
import { login, openConsumer } from '@parley/client'
import { expect, test } from 'vitest'
import { openTcpProxy, startTestServer } from '../../server/testing/index.ts'
import type { Activity } from './tail/activity.ts'
import { watchActivity } from './tail/watch-activity.ts'

test('what happens while the connection is lost is shown afterwards, and nothing twice', async () => {
  await using server = await startTestServer()
  using proxy = await openTcpProxy(() => createConnection(server.port, '127.0.0.1'))
  const session = await login(
    { url: `http://127.0.0.1:${proxy.port}`, accountId: server.accountId },
    server.admin,
  )
  using consumer = await openConsumer({ url: server.url, accountId: server.accountId })
  const former = await consumer.openConversation('1001')
  await consumer.say(former, 'before')
  const shown: Activity[] = []
  const notes: string[] = []
  const stopping = new AbortController()
  const ready = Promise.withResolvers<void>()
  const watching = watchActivity(async () => session, {
    filter: {},
    signal: stopping.signal,
    show: (activity) => void shown.push(activity),
    note: (text) => void notes.push(text),
    ready: ready.resolve,
  })
  await ready.promise
  const texts = () =>
    shown.flatMap(({ entry }) =>
      entry.kind === 'message' && 'message' in entry.event ? [entry.event['message']] : [],
    )

  // The clock stands still: only the place in the dialog tells new from old.
  await consumer.say(former, 'one')
  await expect.poll(texts).toContain('one')
  proxy.close()
  await expect.poll(() => notes).toEqual(['connection lost, trying again'])
  await consumer.say(former, 'two')
  await consumer.close(former)
  const next = await consumer.openConversation('1001')
  await consumer.say(next, 'three')
  await proxy.open()

  await expect.poll(texts).toContain('three')
  await expect.poll(() => notes).toEqual(['connection lost, trying again', 'connected again'])
  await expect.poll(texts).toContain('two')
  const said = texts().filter((text) => ['before', 'one', 'two', 'three'].includes(String(text)))
  // Two conversations at one instant have no order between them.
  expect(said.filter((text) => text !== 'three')).toEqual(['one', 'two'])
  expect(said.filter((text) => text === 'three')).toEqual(['three'])
  const closed = shown.filter(({ entry }) => entry.kind === 'event' && entry.type === 'closed')
  expect(closed).toMatchObject([{ conversationId: former }])
  stopping.abort()
  await watching
})
