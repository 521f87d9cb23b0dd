import { once } from 'node:events'
import { connect } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import * as z from 'zod'
import { matchPath, readBody, route } from '#base/http'
import { ParleyError } from '#base/kernel'
import { openTestHttp, openTestTls } from './http.fixture.ts'

test('a hot path gets the unparsed bytes, and refuses too many of them before reading', async () => {
  await using server = await openTestHttp((http) =>
    http.hot('POST', matchPath('/hot/:id/invoke'), async ({ request, params, query }) => {
      const body = await readBody(request, 10)
      return { status: 200, body: Buffer.from(`${params.id} ${query} ${body.toString()}`) }
    }),
  )

  const reply = await server.fetch('/hot/a%2Fb/invoke?v=1&skillId=', {
    method: 'POST',
    body: 'bytes',
  })
  const large = await server.fetch('/hot/a/invoke', { method: 'POST', body: 'x'.repeat(100_000) })
  const method = await server.fetch('/hot/a/invoke')
  const zero = await server.fetch('/hot/%00/invoke', { method: 'POST' })

  expect(await reply.text()).toBe('a/b v=1&skillId= bytes')
  expect([large.status, method.status, zero.status]).toEqual([413, 405, 400])
  expect(await zero.text()).toContain('params.id: must not contain U+0000')
})

test('a WebSocket opens after its handler accepts it, and a refusal has a status and a reason', async () => {
  await using server = await openTestHttp((http) =>
    http.upgrade(matchPath('/ws/:account/brand/:token'), ({ params, query, accept }) => {
      if (params.token !== 'good') throw new ParleyError('unauthorized', 'Wrong token')
      accept().send(`${params.account} ${query.get('v')}`)
    }),
  )
  const ws = (path: string) => new WebSocket(`ws://127.0.0.1:${server.port}${path}`)

  const greeting = await new Promise((resolve, reject) => {
    const socket = ws('/ws/1/brand/good?v=3')
    socket.on('message', (data: Buffer) => resolve(data.toString()))
    socket.on('error', reject)
  })
  const refusals = await Promise.all(
    ['/ws/1/brand/bad', '/elsewhere'].map(
      (path) => new Promise((resolve) => ws(path).on('error', ({ message }) => resolve(message))),
    ),
  )
  const plain = await server.fetch('/ws/1/brand/good')

  expect(greeting).toBe('1 3')
  expect(refusals).toEqual(['Unexpected server response: 401', 'Unexpected server response: 404'])
  expect(plain.status).toBe(426)
})

test('a request that arrives too slowly is answered 408, one that is not HTTP 400', async () => {
  const spec = { method: 'PUT', path: '/', auth: 'public', body: z.unknown() } as const
  await using server = await openTestHttp(({ app }) => route(app, spec, () => ({})), {
    limits: { requestTimeoutMs: 1_000, headersTimeoutMs: 800, connectionsCheckMs: 50 },
  })
  const say = (text: string) =>
    new Promise<string>((resolve, reject) => {
      let heard = ''
      const socket = connect(server.port, '127.0.0.1', () => socket.write(text))
      socket.on('data', (data) => (heard += data.toString()))
      socket.on('close', () => resolve(heard))
      socket.on('error', reject)
    })

  expect(await say('PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab')).toMatch(
    /^HTTP\/1.1 408 /,
  )
  expect(await say('nonsense\r\n\r\n')).toMatch(/^HTTP\/1.1 400 .*invalid_request/s)
})

test('a drain lets running requests finish, closes sockets with 1001 and takes nothing new', async () => {
  const finish = Promise.withResolvers<void>()
  const arrived = Promise.withResolvers<void>()
  await using server = await openTestHttp((http) => {
    const spec = { method: 'GET', path: '/slow', auth: 'public' } as const
    route(http.app, spec, async () => {
      arrived.resolve()
      await finish.promise
      return { done: true }
    })
    http.upgrade(matchPath('/ws'), ({ accept }) => void accept())
  })
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws`)
  await new Promise((resolve) => socket.on('open', resolve))
  const closed = new Promise((resolve) => socket.on('close', resolve))
  const slow = server.fetch('/slow')
  await arrived.promise

  const draining = server.http.drain(30_000)
  expect(await closed).toBe(1001)
  finish.resolve()
  await draining

  expect(await (await slow).json()).toEqual({ done: true })
  await expect(server.fetch('/slow')).rejects.toThrow('fetch failed')
})

test('a broken frame closes its socket and nothing else', async () => {
  const texts: string[] = []
  await using server = await openTestHttp((http) =>
    http.upgrade(
      matchPath('/ws'),
      ({ accept }) => void accept().on('message', (data: Buffer) => texts.push(data.toString())),
      { maxPayloadBytes: 10 },
    ),
  )
  const open = async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws`)
    await new Promise((resolve) => socket.on('open', resolve))
    return { socket, closed: new Promise((resolve) => socket.on('close', resolve)) }
  }
  const [broken, large, good] = [await open(), await open(), await open()]

  Reflect.get(broken.socket, '_socket').write(Buffer.from([0xff, 0xff, 0x01]))
  large.socket.send('x'.repeat(11))
  good.socket.send('fine')

  expect(await Promise.all([broken.closed, large.closed])).toEqual([1002, 1009])
  await expect.poll(() => texts).toEqual(['fine'])
})

test.runIf(process.platform === 'linux')(
  'clients that come all at once are taken in a few turns of the event loop, not one in each',
  async () => {
    let turn = 0
    const turns: number[] = []
    await using server = await openTestHttp((http) =>
      http.hot('GET', matchPath('/turn'), async () => {
        turns.push(turn)
        return { status: 200, body: Buffer.from('') }
      }),
    )
    let isOver = false
    const count = () => {
      turn += 1
      if (!isOver) setImmediate(count)
    }
    const clients = Array.from({ length: 200 }, () => {
      const socket = connect(server.port, '127.0.0.1')
      socket.write('GET /turn HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
      return once(socket.resume(), 'close')
    })
    count()

    await Promise.all(clients)

    isOver = true
    expect(turns).toHaveLength(200)
    expect(Math.max(...turns) - Math.min(...turns)).toBeLessThan(50)
  },
)

test('a server ends, whatever its connections are doing', async () => {
  await using server = await openTestHttp(() => undefined, {
    limits: { headersTimeoutMs: 3_600_000, requestTimeoutMs: 3_600_000 },
  })
  const { port } = await server.http.listen({
    host: '127.0.0.1',
    port: 0,
    tls: await openTestTls(),
  })
  // One by which nothing comes, and one whose client ends it below TLS.
  const silent = [connect(server.port, '127.0.0.1'), connect(port, '127.0.0.1')]
  const below = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  const above = connectSecurely({ socket: below, rejectUnauthorized: false })
  await Promise.all([
    ...silent.map((socket) => once(socket, 'connect')),
    once(above, 'secureConnect'),
  ])
  above.on('error', () => undefined)
  below.end()
  const closed = silent.map((socket) => once(socket.resume(), 'close'))

  await server.http.drain(100)

  await Promise.all(closed)
})
