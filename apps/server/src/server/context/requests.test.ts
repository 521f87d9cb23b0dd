import { METHODS } from 'node:http'
import type { RouteSpec } from '@parley/contract'
import { Agent, type Dispatcher } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  BEYOND,
  type Credentials,
  dice,
  eachLeaf,
  fillSchema,
  givenFunction,
  nearly,
  ODD_TEXTS,
  startTestServer,
  type TestServer,
} from '#testing'
import { ODD_BODIES, ODD_HEADERS, ODD_SEGMENTS, ODD_TYPES } from './odd-requests.fixture.ts'

// Every route of the running server, and every method that HTTP knows: new ones are in these tests by themselves.

let server: TestServer
let agent: Agent
beforeAll(async () => {
  server = await startTestServer()
  agent = new Agent({ connections: 16 })
})
afterAll(async () => {
  await agent.destroy()
  await server[Symbol.asyncDispose]()
})

/** Of each route. */
const CASES = 6

interface Sent {
  method: string
  path: string
  headers: Record<string, string>
  body: string | Buffer | null
}

function queryOf(spec: RouteSpec | undefined, roll: (sides: number) => number): string {
  const filled =
    spec?.query && fillSchema(spec.query, { values: 1, characters: 5, depth: 1, option: 0 })
  const names = [...Object.keys(Object(filled)), 'v', '__proto__', 'a[]', 'skillId', '']
  const pairs = Array.from({ length: roll(4) }, () => {
    const name = names[roll(names.length)] ?? ''
    return `${name}=${encodeURIComponent((ODD_TEXTS[roll(ODD_TEXTS.length)] ?? '').toWellFormed())}`
  })
  return [
    ...pairs,
    ...[['%', 'v=1', 'v=1&v=2', '&&&', '=', 'a'.repeat(3000), '%00=%ff'][roll(20)] ?? []].flat(),
  ].join('&')
}

/** One request to a route. Most of it is right, so that what is odd gets far. */
function makeCase(
  route: { method: string; path: string },
  spec: RouteSpec | undefined,
  known: Record<string, string>,
  account: Credentials,
  roll: (sides: number) => number,
): Sent {
  const path = route.path.replaceAll(/:(\w+)|\*/g, (_whole, name: string = '') => {
    const right = known[name] ?? 'x'
    return roll(name === 'accountId' ? 15 : 3) === 0
      ? (ODD_SEGMENTS[roll(ODD_SEGMENTS.length)] ?? right)
      : right
  })
  const query = queryOf(spec, roll)
  const takesBody = !['GET', 'HEAD', 'OPTIONS'].includes(route.method)
  const body =
    spec?.body && roll(4) > 0
      ? (JSON.stringify(nearly(spec.body, roll)) ?? null)
      : (ODD_BODIES[roll(ODD_BODIES.length + 1)] ?? null)
  return {
    method: route.method,
    path: `${path}${query && `?${query}`}`,
    headers: {
      ...(roll(12) > 0 && { authorization: `Bearer ${account.adminBearer}` }),
      'maven-api-key': known['contextKey'] ?? '',
      'content-type':
        roll(10) === 0 ? (ODD_TYPES[roll(ODD_TYPES.length)] ?? '') : 'application/json',
      ...(roll(8) === 0 && ODD_HEADERS[roll(ODD_HEADERS.length)]),
    },
    body: takesBody ? body : null,
  }
}

function rightRequest(
  { method, path }: { method: string; path: string },
  known: Record<string, string>,
  { adminBearer }: Credentials,
): Sent {
  const headers = {
    authorization: `Bearer ${adminBearer}`,
    'maven-api-key': known['contextKey'] ?? '',
    'content-type': 'application/json',
  }
  const filled = path.replaceAll(/:(\w+)|\*/g, (_whole, name: string = '') => known[name] ?? 'x')
  return { method, headers, path: filled, body: null }
}

/** The request with every field of its body and of its query beyond what a database holds, one at a time. */
function beyond(right: Sent, spec: RouteSpec | undefined): Sent[] {
  const bodies = spec?.body ? eachLeaf(spec.body, BEYOND) : []
  const queries = spec?.query ? eachLeaf(spec.query, [...BEYOND, '\0']) : []
  return [
    ...bodies.map((body) => ({ ...right, body: JSON.stringify(body) })),
    ...queries.map((query) => {
      const fields = Object.entries(Object(query)).map(([name, value]) => [name, String(value)])
      return { ...right, path: `${right.path}?${new URLSearchParams(fields).toString()}` }
    }),
  ]
}

/** The status. A stream is left as soon as it begins. */
async function send({ method, path, headers, body }: Sent): Promise<number> {
  const options = {
    origin: server.url,
    method: method as Dispatcher.HttpMethod,
    path,
    headers,
    body,
  }
  const reply = await agent.request(options)
  if (String(reply.headers['content-type']).startsWith('text/event-stream')) {
    // What is left says that it was left.
    reply.body.on('error', () => undefined).destroy()
  } else await reply.body.dump({ limit: Infinity })
  return reply.statusCode
}

function shown({ method, path, headers, body }: Sent): string {
  return `${method} ${path.slice(0, 200)} ${JSON.stringify(headers).slice(0, 300)} ${String(body).slice(0, 300)}`
}

async function failuresOf(all: readonly Sent[]): Promise<string[]> {
  const failures: string[] = []
  const left = [...all]
  const sendAll = async () => {
    for (let sent = left.pop(); sent; sent = left.pop()) {
      const status = await send(sent).catch((error: unknown) => String(error))
      if (typeof status === 'string' || status === 500) failures.push(`${status}: ${shown(sent)}`)
    }
  }
  await Promise.all(Array.from({ length: 8 }, sendAll))
  return failures
}

async function openAccount() {
  const account = await server.anotherAccount()
  const { accountId, adminBearer: bearer } = account
  const scene = { ...account, url: server.url, clock: server.clock, context: server.context }
  const base = `/api/v1/accounts/${accountId}`
  const key = await server.request('GET', `${base}/context-store/key`, { bearer })
  const users = await server.request('GET', `${base}/users`, { bearer })
  const functionId = await givenFunction(
    { ...scene, request: server.request },
    'controllerbot_messaging_ttr',
    'callback()',
  )
  const known: Record<string, string> = {
    accountId,
    contextKey: key.json<{ apiKey: string }>().apiKey,
    userId: users.json<{ users: { userId: string }[] }>().users[0]?.userId ?? '',
    functionId,
    uuid: functionId,
    lambdaId: functionId,
    skillId: '1001',
    eventId: 'controllerbot_messaging_ttr',
    event: 'controllerbot_messaging_ttr',
    type: 'controllerbot_messaging_ttr',
    namespace: 'custom',
    surveyId: '1',
    version: '1',
    language: 'en',
  }
  return { account, known }
}

test('no request is answered 500, or has its connection broken, for what it says', async () => {
  const { http } = server.context
  const specs = http.app.parleySpecs
  const routes = http.routes()
  expect(routes.length).toBeGreaterThan(200)
  let { account, known } = await openAccount()
  const failures: string[] = []
  for (const [at, route] of routes.entries()) {
    const roll = dice(at)
    const spec = specs.find(({ method, path }) => method === route.method && path === route.path)
    const random = Array.from({ length: CASES }, () => makeCase(route, spec, known, account, roll))
    const right = rightRequest(route, known, account)
    failures.push(...(await failuresOf([...random, ...beyond(right, spec)])))
    // The route may have logged the administrator out, or erased it.
    const path = `/api/v1/accounts/${account.accountId}/users`
    const { status } = await server.request('GET', path, { bearer: account.adminBearer })
    if (status !== 200) ({ account, known } = await openAccount())
  }
  expect(failures).toEqual([])
}, 600_000)

test('no method is answered 500 anywhere', async () => {
  const paths = [...new Set(server.context.http.routes().map(({ path }) => path))]
  const methods = METHODS.filter((method) => method !== 'CONNECT')
  expect(methods).toContain('QUERY')
  const all = paths.flatMap((path, at) =>
    // All on some paths, and the newest on all.
    (at % 20 === 0 ? methods : ['QUERY', 'TRACE']).map((method) => ({
      method,
      path: path.replaceAll(/:\w+|\*/g, 'x'),
      headers: {},
      body: ['GET', 'HEAD', 'TRACE'].includes(method) ? null : '{}',
    })),
  )
  expect(await failuresOf(all)).toEqual([])
})

test('a stream that is asked for its headers alone ends with them', async () => {
  const { accountId, adminBearer } = await server.anotherAccount()
  const path = `/api/v1/accounts/${accountId}/logs/tail`
  const reply = await server.request('HEAD', path, { bearer: adminBearer })
  expect(reply.headers['content-type']).toContain('text/event-stream')
})
