import { once } from 'node:events'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { type Http, matchPath, openHttp, route } from '#base/http'
import { openLogger, ParleyError, randomIds, systemMonotonic } from '#base/kernel'
import { openEventStreams } from './event-streams.ts'

const STALLED_MS = 1500
const CHUNK = 'x'.repeat(65_536)
/** More than the kernel keeps for a reader. */
const CHUNKS = 400

const page = (path: string) =>
  ({ method: 'GET', path, auth: 'public', params: z.object({}) }) as const

async function stage() {
  const monotonic = systemMonotonic()
  const streams = openEventStreams({
    monotonic,
    store: { suspensions: { has: () => false, onChange: () => new DisposableStack() } },
  })
  const http: Http = openHttp({
    logger: openLogger('silent'),
    ids: randomIds(),
    monotonic,
    limits: { stalledMs: STALLED_MS },
    guard() {
      throw new ParleyError('unauthorized', 'This server has no accounts')
    },
  })
  let closed = 0
  const count = () => {
    closed += 1
  }
  route(http.app, page('/whole'), ({ reply }) => {
    reply.raw.once('close', count)
    return reply.send(CHUNK.repeat(CHUNKS))
  })
  route(http.app, page('/export'), ({ reply }) => {
    reply.raw.once('close', count)
    return reply.send(Readable.from(Array.from({ length: CHUNKS }, () => CHUNK)))
  })
  route(http.app, page('/events'), ({ reply }) => {
    const stream = streams.open(reply)
    stream.onClose(count)
    void (async () => {
      for (let sent = 0; sent < CHUNKS && !stream.isClosed; sent++) await stream.send('line', CHUNK)
      stream.end()
    })()
    return reply
  })
  http.hot('GET', matchPath('/hot'), async ({ request }) => {
    request.socket.once('close', count)
    return { status: 200, body: Buffer.from(CHUNK.repeat(CHUNKS)) }
  })
  const { port } = await http.listen({ host: '127.0.0.1', port: 0 })
  return {
    port,
    closed: () => closed,
    async [Symbol.asyncDispose]() {
      streams[Symbol.dispose]()
      await http[Symbol.asyncDispose]()
    },
  }
}

async function ask(port: number, path: string) {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(`GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`)
  return socket
}

const KINDS = ['/whole', '/export', '/events', '/hot']

// The variants: a client that reads nothing, and one that stops in the middle.
test.concurrent.each(KINDS)('a client that never reads %s loses its connection', async (path) => {
  await using server = await stage()
  const socket = await ask(server.port, path)
  await expect.poll(server.closed).toBe(1)
  socket.destroy()
})

test.concurrent.each(KINDS)(
  'a client that stops reading %s in the middle loses its connection',
  async (path) => {
    await using server = await stage()
    const socket = await ask(server.port, path)
    for (let read = 0; read < 2_000_000;) {
      const [bytes] = (await once(socket, 'data')) as [Buffer]
      read += bytes.length
    }
    socket.pause()
    await expect.poll(server.closed).toBe(1)
    socket.destroy()
  },
)

test.concurrent.each(KINDS)('a client that reads %s slowly gets all of it', async (path) => {
  await using server = await stage()
  const socket = await ask(server.port, path)
  const monotonic = systemMonotonic()
  const began = monotonic.now()
  let read = 0
  let rested = 0
  for await (const bytes of socket) {
    read += (bytes as Buffer).length
    if (read >= CHUNKS * CHUNK.length) break
    // Less often, and the kernel's own memory would hide that the client reads at all.
    if (read - rested < 4_000_000) continue
    rested = read
    await new Promise<void>((resolve) => void monotonic.after(STALLED_MS / 4, resolve))
  }
  expect(read).toBeGreaterThanOrEqual(CHUNKS * CHUNK.length)
  expect(monotonic.now() - began).toBeGreaterThan(STALLED_MS)
  socket.destroy()
})
