import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { matchPath, readBody } from '#base/http'
import { ParleyError } from '#base/kernel'
import { openTestHttp, openTestTls } from './http.fixture.ts'
import type { HttpLimits } from './limits.ts'

/** A server with a path that the lane answers, in as many ways as tests need. */
async function openCalls(lane: boolean, limits: Partial<HttpLimits> = {}) {
  const started: string[] = []
  const released = Promise.withResolvers<void>()
  const closed: string[] = []
  const sockets: Socket[] = []
  const server = await openTestHttp(
    (http) =>
      http.plain('POST', matchPath('/call/:id'), async ({ request, params: { id = '' } }) => {
        started.push('body' in request ? `${id} by the lane` : id)
        sockets.push(request.socket)
        request.socket.once('close', () => closed.push(id))
        if (id === 'refused') throw new ParleyError('unauthorized', 'Wrong token')
        const body = await readBody(request, 1_000_000)
        if (id === 'slow') await released.promise
        return { status: 200, body: id === 'large' ? Buffer.alloc(30_000_000, 'x') : body }
      }),
    { lane, limits },
  )
  onTestFinished(() => server[Symbol.asyncDispose]())
  return { ...server, started, closed, sockets, release: released.resolve }
}

function call(id: string, body = '{}', length = body.length): string {
  return `POST /call/${id} HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n${body}`
}

/** A bare connection, and what has been heard on it so far. */
async function dial(port: number, isEncrypted = false) {
  const place = { port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true }
  const socket = isEncrypted
    ? connectSecurely({ ...place, rejectUnauthorized: false })
    : connect(place)
  onTestFinished(() => void socket.destroy())
  const line = { socket, heard: '', isEnded: false }
  socket.on('data', (data) => (line.heard += data.toString('latin1')))
  socket.on('end', () => (line.isEnded = true))
  socket.on('error', () => undefined)
  await once(socket, isEncrypted ? 'secureConnect' : 'connect')
  return line
}

const FRONTS: [string, boolean][] = [
  ['the lane', true],
  ['node:http alone', false],
]

test('requests one after the other on a connection are answered by the lane, and what follows by node:http', async () => {
  const server = await openCalls(true)
  const line = await dial(server.port)

  line.socket.write(call('a', 'first'))
  await expect.poll(() => line.heard).toMatch(/\r\n\r\nfirst$/)
  line.socket.write(call('b', 'second'))
  await expect.poll(() => line.heard).toMatch(/\r\n\r\nsecond$/)
  line.socket.write('GET /call/c HTTP/1.1\r\nHost: a\r\n\r\n')
  await expect.poll(() => line.heard).toMatch(/HTTP\/1.1 405 /)
  line.socket.write(call('d', 'fourth'))
  await expect.poll(() => line.heard).toMatch(/\r\n\r\nfourth$/)

  expect(server.started).toEqual(['a by the lane', 'b by the lane', 'd'])
})

test('a request in pieces is one for the lane when all of it comes at once', async () => {
  const server = await openCalls(true)
  const line = await dial(server.port)

  line.socket.write(call('large-body', 'x'.repeat(100_000)))
  await expect.poll(() => line.heard.length).toBeGreaterThan(100_000)

  expect(server.started).toEqual(['large-body by the lane'])
})

test.each(FRONTS)(
  '%s: a connection that stays silent is closed without an answer, which a later request could take for its own',
  async (_name, lane) => {
    const server = await openCalls(lane, { headersTimeoutMs: 300, connectionsCheckMs: 50 })
    const tls = await openTestTls()
    const encrypted = await server.http.listen({ host: '127.0.0.1', port: 0, tls })
    const lines = [await dial(server.port), await dial(encrypted.port, true)]

    await expect.poll(() => lines.every(({ isEnded }) => isEnded)).toBe(true)

    expect(lines.map(({ heard }) => heard)).toEqual(['', ''])
  },
)

test.each(FRONTS)('%s: the start of a request alone is answered 408', async (_name, lane) => {
  const server = await openCalls(lane, { headersTimeoutMs: 300, connectionsCheckMs: 50 })
  const line = await dial(server.port)

  line.socket.write('P')
  await expect.poll(() => line.isEnded).toBe(true)

  expect(line.heard).toMatch(/^HTTP\/1.1 408 .*request_timeout/s)
})

test.each(FRONTS)(
  '%s: a body that does not come to its end is answered 408',
  async (_name, lane) => {
    const limits = { requestTimeoutMs: 400, headersTimeoutMs: 300, connectionsCheckMs: 50 }
    const server = await openCalls(lane, limits)
    const line = await dial(server.port)

    line.socket.write(call('a', '{', 2))
    await expect.poll(() => line.isEnded).toBe(true)

    expect(line.heard).toMatch(/^HTTP\/1.1 408 .*request_timeout/s)
    expect(server.started).toEqual(['a'])
  },
)

test.each(FRONTS)(
  '%s: a call that is refused is answered before its body has come',
  async (_name, lane) => {
    const server = await openCalls(lane)
    const line = await dial(server.port)

    line.socket.write(call('refused', '{', 2))

    await expect.poll(() => line.heard).toMatch(/^HTTP\/1.1 401 /)
  },
)

test.each(FRONTS)('%s: a connection without a next request is ended', async (_name, lane) => {
  const server = await openCalls(lane, { keepAliveMs: 100 })
  const line = await dial(server.port)

  line.socket.write(call('a'))
  await expect.poll(() => line.isEnded).toBe(true)

  expect(line.heard).toMatch(/^HTTP\/1.1 200 .*Keep-Alive: timeout=0\r\n\r\n\{\}$/s)
})

test.each(FRONTS)(
  '%s: a client that does not read its answer loses its connection',
  async (_name, lane) => {
    const server = await openCalls(lane, { stalledMs: 500 })
    const line = await dial(server.port)

    line.socket.pause()
    line.socket.write(call('large'))

    await expect.poll(() => server.closed).toEqual(['large'])
  },
)

test.each(FRONTS)(
  '%s: a client that says that it sends nothing more gets no answer',
  async (_name, lane) => {
    const server = await openCalls(lane)
    const line = await dial(server.port)

    line.socket.write(call('slow'))
    await expect.poll(() => server.started.length).toBe(1)
    line.socket.end()
    await expect.poll(() => line.isEnded).toBe(true)
    server.release()

    await expect.poll(() => server.closed).toEqual(['slow'])
    expect(line.heard).toBe('')
  },
)

test.each(FRONTS)('%s: a call whose client has left holds no drain up', async (_name, lane) => {
  const server = await openCalls(lane)
  const line = await dial(server.port)

  line.socket.write(call('slow'))
  await expect.poll(() => server.started.length).toBe(1)
  line.socket.destroy()
  await expect.poll(() => server.closed).toEqual(['slow'])

  await server.http.drain(1_000_000)
})

test.each(FRONTS)(
  '%s: a drain ends idle connections, and answers what runs with "close"',
  async (_name, lane) => {
    const server = await openCalls(lane)
    const [idle, busy] = [await dial(server.port), await dial(server.port)]
    idle.socket.write(call('a'))
    await expect.poll(() => idle.heard).toMatch(/Connection: keep-alive/)
    busy.socket.write(call('slow'))
    await expect.poll(() => server.started.length).toBe(2)

    const drained = server.http.drain(1_000_000)
    await expect.poll(() => idle.isEnded).toBe(true)
    server.release()
    await drained

    await expect.poll(() => busy.isEnded).toBe(true)
    expect(busy.heard).toMatch(/^HTTP\/1.1 200 .*Connection: close\r\n\r\n\{\}$/s)
  },
)

test.each(FRONTS)('%s: what comes while a call runs is answered after it', async (_name, lane) => {
  const server = await openCalls(lane)
  const line = await dial(server.port)

  line.socket.write(call('slow', 'first'))
  await expect.poll(() => server.started.length).toBe(1)
  const first = line.socket.bytesWritten
  line.socket.write(call('a', 'second'))
  await expect.poll(() => server.sockets[0]?.bytesRead).toBeGreaterThan(first)
  line.socket.write(call('b', 'third'))
  server.release()

  await expect.poll(() => line.heard).toMatch(/\nfirstHTTP.*\nsecondHTTP.*\nthird$/s)
})

test.each([
  ['a plain connection', false],
  ['TLS', true],
])(
  '%s: answers that a client reads late are whole, whatever others are answered meanwhile',
  async (_name, isEncrypted) => {
    const server = await openCalls(true)
    const { port } = isEncrypted
      ? await server.http.listen({ host: '127.0.0.1', port: 0, tls: await openTestTls() })
      : server
    const bodyOf = (number: number) => String.fromCodePoint(0x61 + (number % 26)).repeat(16_000)
    const late = await dial(port, isEncrypted)
    late.socket.pause()

    let sent = 0
    const answering = () => server.sockets[0]
    while (!answering()?.writableLength) {
      const before = answering()?.bytesWritten ?? 0
      late.socket.write(call('late', bodyOf(sent)))
      sent += 1
      const written = () => (answering()?.bytesWritten ?? 0) - before
      await expect.poll(written, { interval: 1 }).toBeGreaterThan(16_000)
    }
    const other = await dial(port, isEncrypted)
    for (let number = 1; number <= 20; number += 1) {
      other.socket.write(call('other', '-'.repeat(16_000)))
      const heard = () => other.heard.split('-'.repeat(16_000)).length - 1
      await expect.poll(heard, { interval: 1 }).toBe(number)
    }
    late.socket.resume()

    await expect.poll(() => late.heard.endsWith(`\r\n\r\n${bodyOf(sent - 1)}`)).toBe(true)
    const bodies = late.heard.split(/HTTP\/1\.1 200 .*?\r\n\r\n/s).slice(1)
    expect(bodies.map((body, number) => body === bodyOf(number))).toEqual(Array(sent).fill(true))
  },
)
