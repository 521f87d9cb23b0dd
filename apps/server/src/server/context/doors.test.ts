import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type ConsumerSocket,
  openConsumerSocket,
  openRawWebSocket,
  signUp,
  startTestServer,
  type TestServer,
} from '#testing'
// The bounds that these tests go at: see `bound-attacks.fixture.ts`.

/** What the server lets one address have, or do in a minute. */
const EACH = { sockets: 8, connections: 24, perMinute: 8 }
const ROUNDS = 30

let server: TestServer
let jwt: string
let skillId: string
beforeAll(async () => {
  server = await startTestServer({
    env: {
      PARLEY_SOCKETS_PER_ADDRESS: String(EACH.sockets),
      PARLEY_CONNECTIONS_PER_ADDRESS: String(EACH.connections),
      PARLEY_SIGN_UPS_PER_MINUTE: String(EACH.perMinute),
      PARLEY_CONVERSATIONS_PER_MINUTE: String(EACH.perMinute),
    },
  })
  await server.request('PUT', `/api/v1/accounts/${server.accountId}/chat-settings`, {
    bearer: server.adminBearer,
    body: { startsPerMinute: EACH.perMinute },
  })
  jwt = await signUp(server)
  const listed = await server.request('GET', `/api/v1/accounts/${server.accountId}/skills`, {
    bearer: server.adminBearer,
  })
  skillId = listed.json<{ skills: { skillId: string }[] }>().skills[0]?.skillId ?? ''
})
afterAll(() => server[Symbol.asyncDispose]())

const times = (count: number) => Array.from({ length: count }, (_, index) => index)

/** Opens something from an address, `undefined` when it is refused. */
type Open = (localAddress: string) => Promise<Socket | undefined>

/** A connection that is answered, whatever the answer. */
async function openConnection(localAddress: string): Promise<Socket | undefined> {
  const { hostname, port } = new URL(server.url)
  const socket = connect({ host: hostname, port: Number(port), localAddress })
  socket.on('error', () => socket.destroy())
  const answered = Promise.withResolvers<boolean>()
  socket.once('data', () => answered.resolve(true))
  socket.once('close', () => answered.resolve(false))
  socket.write('HEAD /nowhere HTTP/1.1\r\nHost: x\r\n\r\n')
  return (await answered.promise) ? socket : undefined
}

async function openSocket(localAddress: string): Promise<Socket | undefined> {
  const path = `/ws_api/account/${server.accountId}/messaging/consumer?v=3`
  const headers = { authorization: `jwt ${jwt}` }
  const { status, socket } = await openRawWebSocket(server.url, path, { localAddress, headers })
  if (status === 101) return socket
  socket.destroy()
  return undefined
}

test.each<['connections' | 'sockets', Open]>([
  ['connections', openConnection],
  ['sockets', openSocket],
])('a client that leaves and returns at its limit has no more than it: %s', async (name, open) => {
  const [own, other] = name === 'sockets' ? ['127.0.0.2', '127.0.0.3'] : ['127.0.0.4', '127.0.0.5']
  const opened = await Promise.all(times(EACH[name] + 4).map(() => open(own)))
  const held = opened.flatMap((one) => one ?? [])
  expect(held).toHaveLength(EACH[name])

  for (const round of times(ROUNDS)) {
    const [left] = held.splice((round * 7) % held.length, 1)
    if (round % 2) left?.resetAndDestroy()
    else left?.end()
    // One that the server has not noticed yet still counts.
    await expect
      .poll(async () => {
        const back = await open(own)
        if (back) held.push(back)
        return back !== undefined
      })
      .toBe(true)
  }

  expect(held).toHaveLength(EACH[name])
  expect(await open(own)).toBeUndefined()
  const neighbour = await open(other)
  expect(neighbour).toBeDefined()
  for (const socket of [...held, neighbour]) socket?.destroy()
})

interface Sent {
  method?: string
  body?: object
}

const agents = new Map<string, Agent>()
afterAll(() => {
  for (const agent of agents.values()) agent.destroy()
})

/** The status of a request from an address, which has one connection for all of them. */
async function statusOf(localAddress: string, path: string, { method = 'POST', body }: Sent = {}) {
  const agent = agents.get(localAddress) ?? new Agent({ keepAlive: true, maxSockets: 1 })
  agents.set(localAddress, agent)
  const headers = { 'content-type': 'application/json' }
  const sent = request(server.url + path, { method, agent, localAddress, headers })
  sent.end(body && JSON.stringify(body))
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  response.resume()
  await once(response, 'end')
  return response.statusCode
}

/** Does something at which an address has a limit of a minute; answers the status. It changes from time to time what it can. */
type Try = (localAddress: string, time: number) => Promise<number | undefined>

const base = () => `/api/account/${server.accountId}`

const SIGN_UPS: ((localAddress: string) => Promise<number | undefined>)[] = [
  (from) => statusOf(from, `${base()}/signup`),
  (from) => statusOf(from, `${base()}/signup.jsonp?callback=f`, { method: 'GET' }),
  (from) => statusOf(from, `${base()}/anonymous/authorize`),
]

const sockets = new Map<string, ConsumerSocket>()
afterAll(() => Promise.all(Array.from(sockets.values(), (socket) => socket[Symbol.asyncDispose]())))

test.each<[string, Try]>([
  ['sign-ups', async (from, time) => await SIGN_UPS[time % SIGN_UPS.length]?.(from)],
  [
    'conversations',
    async (from, time) => {
      const key = `${from} ${time % 3}`
      const socket =
        sockets.get(key) ?? (await openConsumerSocket(server, { jwt, localAddress: from }))
      sockets.set(key, socket)
      return (await socket.request('cm.ConsumerRequestConversation', {})).code
    },
  ],
  [
    'chats',
    async (from, time) => {
      const path = `/api/v1/accounts/${server.accountId}/consumer/chats`
      const body = { skillId, name: `Visitor ${time}`, text: `Hello ${time}` }
      return await statusOf(from, path, { body })
    },
  ],
])('a client that changes what it can stays at its limit: %s', async (_, attempt) => {
  const [own, other] = ['127.0.0.6', '127.0.0.7']
  const count = async (tries: number) => {
    const statuses = []
    for (const time of times(tries)) statuses.push(await attempt(own, time))
    const refused = statuses.filter((status) => status === 429).length
    // 400: the consumer has a conversation already.
    const done = statuses.filter((status) => [200, 201, 400].includes(status ?? 0)).length
    expect([refused + done, refused > 0]).toEqual([tries, true])
    return done
  }
  // Some come back while the test runs.
  const returned = (began: number) =>
    Math.ceil(((performance.now() - began) / 60_000) * EACH.perMinute)

  let began = performance.now()
  const first = await count(EACH.perMinute * 3)
  expect(first).toBeGreaterThanOrEqual(EACH.perMinute)
  expect(first).toBeLessThanOrEqual(EACH.perMinute + returned(began))
  expect([200, 201, 400]).toContain(await attempt(other, 0))

  // So long gives no more than a minute.
  server.leap(110_000)
  await server.clock.advance(110_000)
  began = performance.now()
  const second = await count(EACH.perMinute * 3)
  expect(second).toBeGreaterThanOrEqual(EACH.perMinute)
  expect(second).toBeLessThanOrEqual(EACH.perMinute + returned(began))
})

test('a consumer has ten subscriptions to conversations on a socket, in whatever order they come and go', async () => {
  await using consumer = await openConsumerSocket(server, { jwt, localAddress: '127.0.0.8' })
  const subscribe = async () => {
    const { code, body } = await consumer.request('cqm.SubscribeExConversations', {
      convState: ['OPEN'],
    })
    return { code, subscriptionId: (body as { subscriptionId?: string }).subscriptionId }
  }
  const first = await Promise.all(times(12).map(subscribe))
  expect(first.filter(({ code }) => code === 200)).toHaveLength(10)
  expect(first.filter(({ code }) => code === 429)).toHaveLength(2)

  for (const { subscriptionId } of first.slice(0, 3)) {
    await consumer.request('cqm.UnsubscribeExConversations', { subscriptionId })
    expect((await subscribe()).code).toBe(200)
    expect((await subscribe()).code).toBe(429)
  }
})
