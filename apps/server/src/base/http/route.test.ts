import type { RouteSpec } from '@parley/contract'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { type Guard, type Http, matchPath, route } from '#base/http'
import { ParleyError } from '#base/kernel'
import { openTestHttp } from './http.fixture.ts'

const PARTS = '/api/v1/accounts/:accountId/parts/:name'
const putPart = {
  method: 'PUT',
  path: PARTS,
  auth: 'public',
  params: z.object({ accountId: z.string(), name: z.string() }),
  query: z.object({
    skill: z.string().optional(),
    state: z.union([z.string(), z.array(z.string())]).optional(),
  }),
  body: z.object({ size: z.int(), tags: z.json().optional() }),
} as const satisfies RouteSpec

const echoParts = (http: Http) =>
  route(http.app, putPart, ({ params, query, body }) => ({ params, query, body }))

const put = (body: unknown, headers: Record<string, string> = {}) => ({
  method: 'PUT',
  body: typeof body === 'string' ? body : JSON.stringify(body),
  headers: { 'content-type': 'application/json', ...headers },
})

test('a route answers with what its handler returns, parsed by its contract', async () => {
  await using server = await openTestHttp(echoParts)

  const reply = await server.fetch(
    '/api/v1/accounts/1/parts/a%20b?skill=&state=x&state=y',
    put({ size: 2 }),
  )

  expect(reply.status).toBe(200)
  expect(await reply.json()).toEqual({
    params: { accountId: '1', name: 'a b' },
    query: { state: ['x', 'y'] },
    body: { size: 2 },
  })
})

test('a request that breaks the contract is refused with the name of every field', async () => {
  await using server = await openTestHttp(echoParts)

  const reply = await server.fetch('/api/v1/accounts/1/parts/a', put({ size: 'big' }))

  expect(reply.status).toBe(400)
  const { error } = (await reply.json()) as {
    error: { code: string; message: string; details: object[] }
  }
  expect(error).toMatchObject({ code: 'invalid_request', details: [{ path: 'body.size' }] })
  expect(error.message).toContain('body.size')
})

test('a field that was left out is called missing', async () => {
  await using server = await openTestHttp(echoParts)

  const reply = await server.fetch('/api/v1/accounts/1/parts/a', put({}))

  expect(await reply.json()).toMatchObject({ error: { message: 'body.size: is missing' } })
})

test.each([
  ['a body that is not JSON', '{"size":', 400, /not JSON/],
  ['U+0000', '{"size":1,"tags":{"a":"x\\u0000"}}', 400, /body\.tags\.a: must not contain U\+0000/],
  ['a lone surrogate', '{"size":1,"tags":["\\ud800"]}', 400, /tags\.0: must not contain lone/],
  ['a name with U+0000', '{"size":1,"tags":{"a\\u0000":1}}', 400, /body\.tags/],
  ['deep nesting', `{"size":1,"tags":${'['.repeat(90)}${']'.repeat(90)}}`, 400, /levels deep/],
  ['__proto__', '{"size":1,"tags":{"__proto__":{"a":1}}}', 400, /__proto__/],
  ['an oversized body', `{"size":1,"tags":"${'x'.repeat(2_000_000)}"}`, 413, /too large/],
])('%s is refused', async (_what, body, status, message) => {
  await using server = await openTestHttp(echoParts)

  const reply = await server.fetch('/api/v1/accounts/1/parts/a', put(body))

  expect(reply.status).toBe(status)
  const { error } = (await reply.json()) as { error: { message: string } }
  expect(error.message).toMatch(message)
})

test('invalid UTF-8, an unknown Content-Type and U+0000 in path and query are refused', async () => {
  await using server = await openTestHttp(echoParts)
  const path = '/api/v1/accounts/1/parts/a'

  const utf8 = await server.fetch(path, { ...put(''), body: new Uint8Array([0x22, 0xff, 0x22]) })
  const type = await server.fetch(path, put('<a/>', { 'content-type': 'application/xml' }))
  const query = await server.fetch(`${path}?skill=%00`, put({ size: 1 }))
  const param = await server.fetch(`${path}%00`, put({ size: 1 }))

  expect([utf8.status, type.status, query.status, param.status]).toEqual([400, 415, 400, 400])
  expect(await query.text()).toContain('query.skill')
  expect(await param.text()).toContain('params.name')
})

test('a form is read like a query', async () => {
  await using server = await openTestHttp((http) => {
    const spec = {
      method: 'POST',
      path: '/form',
      auth: 'public',
      body: z.record(z.string(), z.string()),
    } as const
    route(http.app, spec, ({ body }) => body)
  })

  const reply = await server.fetch('/form', {
    method: 'POST',
    body: new URLSearchParams('scope=&id=a%26b'),
  })

  expect(await reply.json()).toEqual({ id: 'a&b' })
})

test('a wrong path is 404, a wrong method 405 with the right ones, a bad URL 400', async () => {
  await using server = await openTestHttp(echoParts)

  const path = await server.fetch('/nowhere')
  const method = await server.fetch('/api/v1/accounts/1/parts/a', { method: 'POST', body: '{}' })
  const url = await server.fetch('/api/v1/accounts/1/parts/%ff', put({ size: 1 }))

  expect([path.status, method.status, url.status]).toEqual([404, 405, 400])
  expect(method.headers.get('allow')).toBe('PUT')
  expect(await path.json()).toMatchObject({ error: { code: 'not_found' } })
})

test('a request id is kept when it can be logged, else made', async () => {
  await using server = await openTestHttp(echoParts)

  const kept = await server.fetch('/x', { headers: { 'X-Request-ID': 'r-1' } })
  const made = await server.fetch('/x', { headers: { 'X-Request-ID': 'no spaces' } })

  expect(kept.headers.get('x-request-id')).toBe('r-1')
  expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
})

test('the log has the status that a handler has answered by itself', async () => {
  const lines: string[] = []
  const logger = pino({ base: null }, { write: (line) => void lines.push(line) })
  const showPage = { method: 'GET', path: '/page', auth: 'public' } as const satisfies RouteSpec
  await using server = await openTestHttp(
    ({ app }) => route(app, showPage, async ({ reply }) => reply.code(503).send('Come again')),
    { logger },
  )

  const { status } = await server.fetch('/page')

  expect(status).toBe(503)
  await expect.poll(() => lines).toEqual([expect.stringContaining('"path":"/page","status":503')])
})

test('guarded routes ask the guard and need the permission', async () => {
  const guard: Guard = (request, accountId) => {
    if (!request.headers.authorization) throw new ParleyError('unauthorized', 'No token')
    const permissions = new Set(['function:read'] as const)
    return {
      accountId: accountId ?? '',
      kind: 'user',
      id: 'u1',
      name: 'ada',
      permissions,
      scopes: new Set(),
    }
  }
  const mount = (http: Http) => {
    const spec = {
      method: 'GET',
      auth: 'function:read',
      params: z.object({ accountId: z.string() }),
    } as const
    route(http.app, { ...spec, path: '/:accountId/read' }, ({ principal }) => ({
      id: principal.id,
    }))
    route(http.app, { ...spec, path: '/:accountId/write', auth: 'function:write' }, () => ({}))
  }
  await using server = await openTestHttp(mount, { guard })
  const headers = { authorization: 'Bearer x' }

  const anonymous = await server.fetch('/1/read')
  const allowed = await server.fetch('/1/read', { headers })
  const refused = await server.fetch('/1/write', { headers })

  expect([anonymous.status, allowed.status, refused.status]).toEqual([401, 200, 403])
  expect(anonymous.headers.get('www-authenticate')).toBe('Bearer')
  expect(await allowed.json()).toEqual({ id: 'u1' })
})

test('errors speak the dialect of their path, also those that no handler saw', async () => {
  await using server = await openTestHttp((http) => {
    http.speak({
      matches: ({ path }) => path.startsWith('/api/account/'),
      format: ({ message }) => ({
        status: 400,
        body: { errorCode: 'es.badinput', errorMsg: message },
      }),
    })
    const spec = { method: 'GET', path: '/api/account/fail', auth: 'public' } as const
    route(http.app, spec, () => {
      throw new Error('a bug')
    })
    http.hot('GET', matchPath('/api/account/:id/hot'), () => {
      throw new ParleyError('rate_limited', 'Slow down', { retryAfterMs: 1500 })
    })
  })

  const missing = await server.fetch('/api/account/1/nothing')
  const bug = await server.fetch('/api/account/fail')
  const hot = await server.fetch('/api/account/7/hot')

  expect(await missing.json()).toMatchObject({ errorCode: 'es.badinput' })
  expect(await bug.text()).not.toContain('a bug')
  expect(await hot.json()).toEqual({ errorCode: 'es.badinput', errorMsg: 'Slow down' })
  expect(hot.headers.get('retry-after')).toBe('2')
})

test('unknown members of the native API are refused by name, in bodies and queries, with what was meant', async () => {
  const inside = {
    ...putPart,
    path: '/api/v1/accounts/:accountId/lists',
    params: z.object({ accountId: z.string() }),
    body: z.object({ list: z.array(z.object({ one: z.int() })), free: z.looseObject({}) }),
  } as const satisfies RouteSpec
  const bare = { method: 'POST', path: '/api/v1/bare', auth: 'public' } as const
  await using server = await openTestHttp((http) => {
    echoParts(http)
    route(http.app, inside, () => ({}))
    route(http.app, bare, () => ({}))
  })
  const details = async (path: string, options: RequestInit) => {
    const reply = await server.fetch(path, options)
    const { error } = (await reply.json()) as { error?: { details: object[] } }
    return { status: reply.status, details: error?.details }
  }
  expect(await details('/api/v1/accounts/1/parts/a?skil=1&x=1', put({ size: 2, sice: 3 }))).toEqual(
    {
      status: 400,
      details: [
        { path: 'query.skil', message: 'is not known; did you mean "skill"?' },
        { path: 'query.x', message: 'is not known' },
        { path: 'body.sice', message: 'is not known; did you mean "size"?' },
      ],
    },
  )
  const deep = { list: [{ one: 1 }, { one: 1, two: 2 }], free: { any: { thing: 1 } } }
  expect(await details('/api/v1/accounts/1/lists', put(deep))).toEqual({
    status: 400,
    details: [{ path: 'body.list.1.two', message: 'is not known' }],
  })
  const post = { ...put({ a: 1 }), method: 'POST' }
  expect((await details('/api/v1/bare?b=1', post)).details).toEqual([
    { path: 'query.b', message: 'is not known' },
    { path: 'body.a', message: 'is not known' },
  ])
})

test('published routes take members that are not known', async () => {
  const published = { ...putPart, path: '/api/account/:accountId/parts/:name' } as const
  await using server = await openTestHttp((http) =>
    route(http.app, published, ({ body }) => ({ body })),
  )
  const reply = await server.fetch('/api/account/1/parts/a?v=1', put({ size: 2, timestamp: 0 }))
  expect(await reply.json()).toEqual({ body: { size: 2 } })
})
