import { request } from 'node:http'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { openHttp, route } from '#base/http'
import { openLogger, ParleyError, randomIds, systemMonotonic } from '#base/kernel'
import { type EventStream, openEventStreams } from './event-streams.ts'

const EVENTS = { method: 'GET', path: '/events', auth: 'public', params: z.object({}) } as const

test('a stream whose client left before it was opened is closed', async () => {
  const monotonic = systemMonotonic()
  const streams = openEventStreams({
    monotonic,
    store: { suspensions: { has: () => false, onChange: () => new DisposableStack() } },
  })
  await using http = openHttp({
    logger: openLogger('silent'),
    ids: randomIds(),
    monotonic,
    guard() {
      throw new ParleyError('unauthorized', 'This server has no accounts')
    },
  })
  const arrived = Promise.withResolvers<void>()
  const opened = Promise.withResolvers<EventStream>()
  route(http.app, EVENTS, async ({ reply }) => {
    const left = new Promise((resolve) => reply.raw.once('close', resolve))
    arrived.resolve()
    await left
    opened.resolve(streams.open(reply))
    return reply
  })
  const { port } = await http.listen({ host: '127.0.0.1', port: 0 })

  const client = request({ host: '127.0.0.1', port, path: '/events' }).on('error', () => undefined)
  client.end()
  await arrived.promise
  client.destroy()
  const stream = await opened.promise

  await new Promise<void>((resolve) => stream.onClose(resolve))
  expect(stream.isClosed).toBe(true)
  await stream.send('late', {})
})
