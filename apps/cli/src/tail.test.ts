import { once } from 'node:events'
import { createConnection, createServer, type Socket } from 'node:net'
import { login, openConsumer } from '@parley/client'
import { expect, onTestFinished, test } from 'vitest'
import { startTestServer } from '../../server/testing/index.ts'
import type { Activity } from './tail/activity.ts'
import { watchActivity } from './tail/watch-activity.ts'

/** Stands between a client and the server, and breaks. */
async function openBreakable(port: number) {
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = createConnection(port, '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy()).on('close', () => other.destroy())
      one.pipe(other)
    }
  })
  const listen = async (at: number) => {
    server.listen(at, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as { port: number }).port
  }
  const at = await listen(0)
  const close = () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  onTestFinished(close)
  return { url: `http://127.0.0.1:${at}`, close, open: () => listen(at) }
}

test('what happens while the connection is lost is shown afterwards, and nothing twice', async () => {
  await using server = await startTestServer()
  const proxy = await openBreakable(server.port)
  const session = await login({ url: proxy.url, accountId: server.accountId }, server.admin)
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
