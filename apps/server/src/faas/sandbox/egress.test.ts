import { createServer as createHttp, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestSandbox, type TestSandbox } from './test-sandbox.fixture.ts'
import { PATIENT_SERVER } from '#testing'

let box: TestSandbox
let port: number
const blocked: string[] = []

const serve: RequestListener = (request, response) => {
  if (request.url === '/redirect') {
    response.writeHead(302, { location: 'http://elsewhere.example/' }).end()
  } else if (request.url === '/big') {
    response.end(Buffer.alloc(2_000_000, 'x'))
  } else if (request.url === '/slow') {
    response.writeHead(200).write('x')
  } else {
    request.on('data', () => undefined)
    request.on('end', () => response.end(JSON.stringify({ path: request.url })))
  }
}
const site = createHttp(PATIENT_SERVER, serve)

beforeAll(async () => {
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  port = (site.address() as AddressInfo).port
  box = await openTestSandbox({
    ports: {
      allowed: (_account, host) => host === 'localhost',
      refused: ({ accountId, functionId, host, port: to, reason, calledFrom }) => {
        blocked.push(`${accountId} ${functionId} ${host}:${to} ${reason} at ${calledFrom}`)
      },
    },
    config: {
      egressPrivate: [`127.0.0.1:${port}`],
      limits: { outgoingBytes: 1_000_000, outgoingMs: 3_000, outgoingPerSecond: 20 },
    },
  })
})
afterAll(async () => {
  await box[Symbol.asyncDispose]()
  site.closeAllConnections()
  site.close()
})

const url = (path: string) => `http://127.0.0.1:${port}${path}`
const ask = (client: string, target: string, functionId: string) =>
  box.run(`async function lambda(i) { ${client} }`, {
    payload: target,
    version: { delivers: 'return', functionId, deploymentId: functionId },
  })

const CLIENTS = {
  fetch: 'const r = await fetch(i.payload); return r.json()',
  'node:http': `return new Promise((resolve, reject) => require('http').get(i.payload, (r) => {
    let text = ''; r.on('data', (c) => text += c); r.on('end', () => resolve(JSON.parse(text)))
  }).on('error', reject))`,
  axios: `return (await require('axios').get(i.payload)).data`,
}

test.each(Object.entries(CLIENTS))('%s goes through the proxy', async (name, client) => {
  expect(await ask(client, url('/a'), name)).toMatchObject({ ok: true, value: { path: '/a' } })
})

test.each(Object.entries(CLIENTS))(
  '%s to a host that is not listed fails and is reported',
  async (name, client) => {
    const outcome = await ask(client, 'http://not-listed.example/', `${name}-blocked`)
    expect(outcome).toMatchObject({ ok: false })
    const entry = blocked.find((line) => line.startsWith(`acme ${name}-blocked `))
    expect(entry).toMatch(
      /not-listed.example:80 not-listed.example is not on the list of allowed domains at /,
    )
    // A library's own promises may hide the line of the author.
    expect(entry).toMatch(name === 'axios' ? / at (index\.js:1:\d+)?$/ : / at index\.js:1:\d+$/)
  },
)

test('a listed name of this machine is refused, and so is another port of it', async () => {
  const reason = 'return fetch(i.payload).then(() => "reached", (e) => e.cause.message)'
  expect((await ask(reason, `http://localhost:${port}/`, 'name')).value).toBe(
    'localhost is a private or local target',
  )
  expect((await ask(reason, 'http://127.0.0.1:65000/', 'port')).value).toMatch(/not on the list/)
})

test('a redirect is checked like any other call', async () => {
  const reason = 'return fetch(i.payload).then(() => "reached", (e) => e.cause.message)'
  expect((await ask(reason, url('/redirect'), 'redirect')).value).toMatch(
    /elsewhere.example is not on/,
  )
})

test('an answer that is too large or too slow is cut off', async () => {
  const read = 'return fetch(i.payload).then((r) => r.text()).then((t) => t.length, () => "cut")'
  expect((await ask(read, url('/big'), 'big')).value).toBe('cut')
  expect((await ask(read, url('/slow'), 'slow')).value).toBe('cut')
})

test('a version may have another time for its outgoing calls', async () => {
  const why = 'return fetch(i.payload).then((r) => r.text()).catch((e) => e.cause.message)'
  const version = { delivers: 'return', functionId: 'own', deploymentId: 'own' } as const
  const outcome = await box.run(`async function lambda(i) { ${why} }`, {
    payload: url('/slow'),
    version: { ...version, outgoingMs: 50 },
  })
  expect(outcome.value).toContain('The call took longer than 50 ms')
})

test('more than 20 calls in a second are answered with 429', async () => {
  const burst = `const began = performance.now()
    const one = () => fetch(i.payload, { headers: { connection: 'close' } }).then((r) => r.status, (e) => e.cause.statusCode)
    const statuses = await Promise.all(Array.from({ length: 100 }, one))
    return { statuses, seconds: (performance.now() - began) / 1000 }`
  const { statuses, seconds } = (await ask(burst, url('/'), 'burst')).value as {
    statuses: number[]
    seconds: number
  }
  const answered = statuses.filter((status) => status === 200)
  expect(answered.length).toBeGreaterThanOrEqual(20)
  // On a slow machine some come back meanwhile.
  expect(answered.length).toBeLessThanOrEqual(20 + 20 * seconds)
  expect(new Set(statuses)).toEqual(new Set([200, 429]))
})
