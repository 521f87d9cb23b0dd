import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  openConsumerSocket,
  openRawWebSocket,
  openWireSocket,
  signUp,
  startTestServer,
  type TestServer,
} from '#testing'

/** For tests that need no settings of their own: each has addresses of its own. */
let shared: TestServer
beforeAll(async () => {
  shared = await startTestServer()
})
afterAll(() => shared[Symbol.asyncDispose]())

const pathOf = (accountId: string) => `/ws_api/account/${accountId}/messaging/consumer?v=3`
const MEGABYTE = 1_000_000
/** The server's connections with an address, as the system lists them. */
function connectionsOf(port: number, address: string): number {
  const hex = (value: number, digits: number) =>
    value.toString(16).toUpperCase().padStart(digits, '0')
  const local = `0100007F:${hex(port, 4)}`
  const peer = address
    .split('.')
    .toReversed()
    .map((part) => hex(Number(part), 2))
    .join('')
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, from, to, state]) => from === local && to?.startsWith(peer) && state === '01')
    .length
}

/** Clients on other machines. */
const elsewhere = (name: number) => ({ localAddress: `127.0.0.${name}` })

function patchSettings({ accountId, adminBearer, request }: TestServer, messaging: object) {
  return request('PATCH', `/api/v1/accounts/${accountId}/settings`, {
    bearer: adminBearer,
    body: { messaging },
  })
}

async function statusOf(url: string, options: { headers?: Record<string, string> } = {}) {
  const server = new URL(url)
  using raw = await openRawWebSocket(url, server.pathname + server.search, options)
  return raw.status
}

test.each(['messaging/consumer?v=3', 'messaging/brand/some-token?v=2.1'])(
  'a socket of an account that does not exist is refused before it is accepted: %s',
  async (path) => {
    const server = shared

    expect(await statusOf(`${server.url}/ws_api/account/${server.accountId}/${path}`)).toBe(101)
    for (const accountId of ['99999999', 'x'.repeat(500), '%00', '__proto__', '💩']) {
      const address = `${server.url}/ws_api/account/${encodeURIComponent(accountId)}/${path}`
      expect([400, 404]).toContain(await statusOf(address))
    }
    expect(await statusOf(`${server.url}/ws_api/account/99999999/${path}`)).toBe(404)
  },
)

test('an address has so many sockets, an IPv6 network as many as one address', async () => {
  await using server = await startTestServer({
    env: { PARLEY_SOCKETS_PER_ADDRESS: '5', PARLEY_TRUSTED_PROXIES: '127.0.0.1' },
  })
  const open = (forwarded: string) =>
    openRawWebSocket(server.url, pathOf(server.accountId), {
      headers: { 'x-forwarded-for': forwarded },
    })
  const own = [
    '2001:db8:0:1::1',
    '2001:db8::1:0:0:0:2',
    '2001:0db8:0000:0001:ffff:ffff:ffff:ffff',
    '2001:db8:0:1::3',
    '2001:db8:0:1::192.0.2.1',
  ]
  const sockets = await Promise.all(own.map(open))
  expect(sockets.map(({ status }) => status)).toEqual([101, 101, 101, 101, 101])

  using sixth = await open('2001:db8:0:1:abcd::')
  using neighbour = await open('2001:db8:0:2::1')
  using other = await open('203.0.113.7')
  expect([sixth.status, neighbour.status, other.status]).toEqual([429, 101, 101])

  sockets[0]?.socket.destroy()
  await expect
    .poll(async () => {
      using again = await open('2001:db8:0:1::9')
      return again.status
    })
    .toBe(101)
  for (const { socket } of sockets) socket.destroy()
})

test('an address has so many connections; others are served', async () => {
  await using server = await startTestServer({ env: { PARLEY_CONNECTIONS_PER_ADDRESS: '50' } })
  const { hostname, port } = new URL(server.url)
  let closed = 0
  const open = async () => {
    const socket = connect({ host: hostname, port: Number(port), ...elsewhere(2) })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => (closed += 1))
    await once(socket, 'connect')
    return socket
  }
  const sockets = await Promise.all(Array.from({ length: 80 }, open))

  await expect.poll(() => closed).toBe(30)
  expect((await fetch(`${server.url}/api/v1/nothing`)).status).toBe(404)
  for (const socket of sockets) socket.destroy()
  await expect.poll(() => closed).toBe(80)
  await expect
    .poll(async () => {
      using raw = await openRawWebSocket(server.url, pathOf(server.accountId), elsewhere(2))
      return raw.status
    })
    .toBe(101)
})

test.each([
  ['one frame', true, 1_048_576],
  ['many fragments', false, 100],
])('a client that has not authenticated may send little: %s', async (_, fin, bytes) => {
  const server = shared
  const strangers = await Promise.all(
    Array.from({ length: 150 }, () =>
      openRawWebSocket(server.url, pathOf(server.accountId), elsewhere(fin ? 40 : 41)),
    ),
  )
  expect(new Set(strangers.map(({ status }) => status))).toEqual(new Set([101]))

  for (const stranger of strangers) {
    for (let sent = 0; sent < MEGABYTE; sent += 100_000) {
      if (sent === 0 || !fin) stranger.beginFrame(bytes, { fin })
      stranger.send(fin ? 100_000 : bytes)
    }
    if (!fin) for (let more = 0; more < 700; more += 1) stranger.send(100)
  }

  await Promise.all(strangers.map(({ closed }) => closed))
  await using consumer = await openConsumerSocket(server)
  await consumer.openConversation()
})

test.each([
  ['an agent', 'messaging/brand/nobody?v=2.1', {}, 46],
  ['a consumer', 'messaging/consumer?v=3', { authorization: 'jwt wrong' }, 47],
])(
  'a client with a wrong token may send little while its socket is being closed: %s',
  async (_, path, headers, name) => {
    const server = shared
    const address = `/ws_api/account/${server.accountId}/${path}`
    const open = () => openRawWebSocket(server.url, address, { ...elsewhere(name), headers })
    const strangers = await Promise.all(Array.from({ length: 200 }, open))
    expect(new Set(strangers.map(({ status }) => status))).toEqual(new Set([101]))
    using more = await open()
    expect(more.status).toBe(429)

    for (const stranger of strangers) {
      stranger.beginFrame(1_048_576)
      stranger.send(100_000)
    }

    await Promise.all(strangers.map(({ closed }) => closed))
    using again = await open()
    expect(again.status).toBe(101)
  },
)

test('an address has so many sockets that have not authenticated, and they must do it in time', async () => {
  const server = shared
  const open = (where = {}) => openRawWebSocket(server.url, pathOf(server.accountId), where)
  const strangers = await Promise.all(Array.from({ length: 200 }, () => open(elsewhere(42))))
  expect(new Set(strangers.map(({ status }) => status))).toEqual(new Set([101]))

  using more = await open(elsewhere(42))
  using other = await open(elsewhere(43))
  expect([more.status, other.status]).toEqual([429, 101])
  // A client that is known needs none of these places.
  await using consumer = await openConsumerSocket(server, elsewhere(42))
  await consumer.openConversation()

  server.leap(60_000)
  await Promise.all(strangers.map(({ closed }) => closed))
  using again = await open(elsewhere(42))
  expect(again.status).toBe(101)
})

test('frames that never end hold 16 MB of one address, and cut none of another', async () => {
  const server = shared
  const headers = { authorization: `jwt ${await signUp(server)}` }
  const begin = async (name: number) => {
    const raw = await openRawWebSocket(server.url, pathOf(server.accountId), {
      ...elsewhere(name),
      headers,
    })
    raw.beginFrame(1_048_576)
    raw.send(MEGABYTE)
    return raw
  }
  let cut = 0
  const one = await Promise.all(Array.from({ length: 30 }, () => begin(44)))
  for (const { closed } of one) void closed.then(() => (cut += 1))
  await using consumer = await openConsumerSocket(server, elsewhere(45))

  await expect.poll(() => cut).toBeGreaterThanOrEqual(14)
  expect(cut).toBeLessThan(30)
  const conversationId = await consumer.openConversation()
  await consumer.say(conversationId, 'x'.repeat(8000))
  for (const { socket } of one) socket.destroy()
})

test('frames that never end hold 128 MB in all', async () => {
  const server = shared
  const headers = { authorization: `jwt ${await signUp(server)}` }
  let cut = 0
  const sockets = await Promise.all(
    Array.from({ length: 150 }, async (_, index) => {
      const address = elsewhere(2 + (index % 15))
      const options = { ...address, headers }
      const raw = await openRawWebSocket(server.url, pathOf(server.accountId), options)
      raw.beginFrame(1_048_576)
      raw.send(MEGABYTE)
      void raw.closed.then(() => (cut += 1))
      return raw
    }),
  )

  await expect.poll(() => cut).toBeGreaterThanOrEqual(15)
  await using consumer = await openConsumerSocket(server, elsewhere(30))
  const conversationId = await consumer.openConversation()
  await consumer.say(conversationId, 'x'.repeat(8000))
  for (const { socket } of sockets) socket.destroy()
})

test('clients that never read hold 64 MB of one address, and cut none of another', async () => {
  const server = shared
  await patchSettings(server, { requestsPerSecond: 10_000 })
  await using consumer = await openConsumerSocket(server)
  const conversationId = await consumer.openConversation()
  for (let said = 0; said < 300; said += 50) {
    const some = Array.from({ length: 50 }, () => consumer.say(conversationId, 'x'.repeat(8000)))
    await Promise.all(some)
  }
  const { jwt } = consumer
  const where = elsewhere(60)
  const devices = await Promise.all(
    Array.from({ length: 16 }, () => openConsumerSocket(server, { jwt, ...where })),
  )
  expect(connectionsOf(server.port, where.localAddress)).toBe(16)

  // Each asks for less than one socket may leave unread.
  const body = { dialogId: conversationId, fromSeq: 0 }
  for (const device of devices) {
    device.stopReading()
    for (const id of ['1', '2', '3', '4', '5', '6']) {
      device.sendRaw(JSON.stringify({ kind: 'req', id, type: 'ms.QueryMessages', body }))
    }
  }

  await expect.poll(() => connectionsOf(server.port, where.localAddress)).toBeLessThan(16)
  expect(connectionsOf(server.port, where.localAddress)).toBeGreaterThan(3)
  await using reader = await openConsumerSocket(server, { jwt, ...elsewhere(61) })
  await reader.follow(conversationId)
  await consumer.say(conversationId, 'end')
  await reader.message(conversationId, ({ text }) => text === 'end')
  for (const device of devices) device.destroy()
})

test('a wrong token closes the socket as before', async () => {
  const server = shared
  const address = server.url.replace('http', 'ws') + pathOf(server.accountId)
  await using socket = await openWireSocket(address, { authorization: 'jwt wrong' })

  expect(await socket.closed).toBe(4401)
})
