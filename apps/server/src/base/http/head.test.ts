import { Readable } from 'node:stream'
import type { RouteSpec } from '@parley/contract'
import { expect, test } from 'vitest'
import { type Http, route } from '#base/http'
import { openTestHttp } from './http.fixture.ts'

const specOf = (path: string) =>
  ({ method: 'GET', path, auth: 'public' }) as const satisfies RouteSpec

const asked: string[] = []
const things = (http: Http) => {
  route(http.app, specOf('/things'), ({ request }) => {
    asked.push(request.method)
    return { things: ['é'] }
  })
  route(http.app, specOf('/file'), ({ reply }) =>
    reply.type('text/csv').send(Readable.from(['a,b\n', 'c,d\n'])),
  )
}

test('whoever may read something may ask for its headers alone', async () => {
  await using server = await openTestHttp(things)

  const whole = await server.fetch('/things')
  const alone = await server.fetch('/things', { method: 'HEAD' })
  const file = await server.fetch('/file', { method: 'HEAD' })

  expect(alone.status).toBe(200)
  expect(await alone.text()).toBe('')
  for (const name of ['content-length', 'content-type'])
    expect(alone.headers.get(name)).toBe(whole.headers.get(name))
  expect(alone.headers.get('content-length')).toBe('17')
  expect(asked).toEqual(['GET', 'HEAD'])
  expect([file.status, file.headers.get('content-type'), await file.text()]).toEqual([
    200,
    'text/csv',
    '',
  ])
})

test('HEAD is among the methods of a path that takes GET, and is refused like any other', async () => {
  await using server = await openTestHttp(things)

  const wrong = await server.fetch('/things', { method: 'POST', body: '{}' })
  const nowhere = await server.fetch('/nowhere', { method: 'HEAD' })

  expect(wrong.headers.get('allow')).toBe('GET, HEAD')
  expect(nowhere.status).toBe(404)
})
