import { expect, test } from 'vitest'
import {
  openAgentSocket,
  openConsumerSocket,
  signUp,
  startTestServer,
  type TestServer,
  twoNodeAccount,
} from '#testing'

/** Clients on other machines. */
const elsewhere = (name: number) => ({ localAddress: `127.0.0.${name}` })

function patchSettings({ accountId, adminBearer, request }: TestServer, messaging: object) {
  return request('PATCH', `/api/v1/accounts/${accountId}/settings`, {
    bearer: adminBearer,
    body: { messaging },
  })
}

test('an address signs up and opens conversations so many times a minute', async () => {
  await using server = await startTestServer({
    env: { PARLEY_SIGN_UPS_PER_MINUTE: '6', PARLEY_CONVERSATIONS_PER_MINUTE: '3' },
  })
  const sockets = []
  for (let one = 0; one < 6; one += 1) sockets.push(await openConsumerSocket(server))
  const base = `/api/account/${server.accountId}`
  for (const [method, path] of [
    ['POST', `${base}/signup`],
    ['GET', `${base}/signup.jsonp?callback=f`],
    ['POST', `${base}/anonymous/authorize`],
    ['POST', `${base}/authenticate`],
  ] as const) {
    const body = path.endsWith('/authenticate') ? { body: { authCode: 'x' } } : {}
    const refused = await server.request(method, path, body)
    expect(refused.status).toBe(429)
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  }
  const codes = []
  for (const socket of sockets) {
    codes.push((await socket.request('cm.ConsumerRequestConversation', {})).code)
  }
  expect(codes).toEqual([200, 200, 200, 429, 429, 429])

  // Another address is not concerned, nor is this one a minute later.
  const { jwt } = sockets[5]!
  await using other = await openConsumerSocket(server, { jwt, ...elsewhere(2) })
  await other.openConversation()
  server.leap(60_000)
  await signUp(server)
  for (const socket of sockets) await socket[Symbol.asyncDispose]()
})

test('a consumer sends on all its sockets together as much as on one, and leaves a part to agents', async () => {
  await using server = await startTestServer()
  await patchSettings(server, { requestsPerSecond: 20, accountRequestsPerSecond: 100 })
  const ask = async (socket: { request(type: string): Promise<{ code: number }> }, times: number) =>
    (await Promise.all(Array.from({ length: times }, () => socket.request('GetClock')))).filter(
      ({ code }) => code === 200,
    ).length
  const jwt = await signUp(server)
  const devices = await Promise.all(
    Array.from({ length: 4 }, () => openConsumerSocket(server, { jwt })),
  )

  const startedAt = performance.now()
  const served = await Promise.all(devices.map((device) => ask(device, 20)))
  const seconds = (performance.now() - startedAt) / 1000
  expect(served.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(20 + 20 * seconds)

  // Strangers use up all that consumers may: agents are served all the same.
  await using agent = await openAgentSocket(server, server.agents[0]!)
  const strangers = await Promise.all(
    Array.from({ length: 12 }, (_, index) => openConsumerSocket(server, elsewhere(2 + index))),
  )
  const floodAt = performance.now()
  const floods = strangers.map((stranger) => ask(stranger, 30))
  expect((await agent.request('GetClock')).code).toBe(200)
  const ofStrangers = (await Promise.all(floods)).reduce((sum, one) => sum + one, 0)
  expect(ofStrangers).toBeLessThanOrEqual(100 + (100 * (performance.now() - floodAt)) / 1000)
  for (const socket of [...devices, ...strangers]) await socket[Symbol.asyncDispose]()
})

test('limits count also while changed ones are being read', async () => {
  await using server = await startTestServer({ nodes: 2 })
  const on = await twoNodeAccount(server)
  const limitTo = (requestsPerSecond: number) =>
    on.admin('PATCH', 'settings', { messaging: { requestsPerSecond } })
  await limitTo(5)
  await using consumer = await openConsumerSocket(on.there)
  const servedOfMany = async () => {
    const asked = Array.from({ length: 50 }, () => consumer.request('GetClock'))
    return (await Promise.all(asked)).filter(({ code }) => code === 200).length
  }

  const served = [await servedOfMany()]
  for (const limit of [6, 7, 8, 9, 10]) {
    const changed = limitTo(limit)
    for (let round = 0; round < 20; round += 1) served.push(await servedOfMany())
    await changed
  }
  expect(Math.max(...served)).toBeLessThan(25)
})

test('consumers of one address together send as much as twenty sockets', async () => {
  await using server = await startTestServer()
  await patchSettings(server, { requestsPerSecond: 5 })
  const sockets = await Promise.all(
    Array.from({ length: 40 }, () => openConsumerSocket(server, elsewhere(2))),
  )
  const startedAt = performance.now()
  const answers = await Promise.all(
    sockets.flatMap((socket) => Array.from({ length: 5 }, () => socket.request('GetClock'))),
  )
  const seconds = (performance.now() - startedAt) / 1000
  const served = answers.filter(({ code }) => code === 200).length

  expect(served).toBeGreaterThanOrEqual(90)
  expect(served).toBeLessThanOrEqual(100 + 100 * seconds)
  await using other = await openConsumerSocket(server, elsewhere(3))
  expect((await other.request('GetClock')).code).toBe(200)
  for (const socket of sockets) await socket[Symbol.asyncDispose]()
})
