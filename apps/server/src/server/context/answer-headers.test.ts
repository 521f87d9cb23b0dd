import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '#testing'

// Every route of the running server: new ones are in these tests by themselves.

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const wordsOf = (headers: Record<string, unknown>) => [
  headers['x-content-type-options'],
  headers['cache-control'] !== undefined,
]
const IN_ORDER = ['nosniff', true]

test.each(['without credentials', 'of an administrator'])(
  'every answer %s says what it is and how long it may be kept',
  async (who) => {
    const { accountId, adminBearer } = await server.anotherAccount()
    const wrong: string[] = []
    const routes = server.context.http.routes()
    expect(routes.length).toBeGreaterThan(200)
    for (const { method, path } of routes) {
      const filled = path.replaceAll(/:account(?:Id)?\b/g, accountId).replaceAll(/:\w+|\*/g, 'x')
      // What an administrator changes or follows would end the test.
      if (who !== 'without credentials' && (method !== 'GET' || STREAM.test(path))) continue
      const { headers, status } = await server.request(method, filled, {
        ...(who !== 'without credentials' && { bearer: adminBearer }),
      })
      if (JSON.stringify(wordsOf(headers)) !== JSON.stringify(IN_ORDER)) {
        wrong.push(`${method} ${path} ${status}`)
      }
    }
    expect(wrong).toEqual([])
  },
)

/** They do not end by themselves. */
const STREAM = /tail|updates|events$|chat-events/

test('a sign-in to the file store, and what it leads to, is not kept', async () => {
  const { accountId, admin } = await server.anotherAccount()
  const signedIn = await server.request('GET', '/auth/v1.0', {
    headers: { 'x-auth-user': `${accountId}:${admin.user}`, 'x-auth-key': admin.password },
  })
  expect(signedIn.status).toBe(200)
  expect(signedIn.headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  })
})

test.each([
  [
    'an upgrade to nothing',
    'GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  ],
  ['what is no HTTP', 'NONSENSE\r\n\r\n'],
])('the answer to %s says it, too', async (_what, sent) => {
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  socket.write(sent)
  const answer = (await text(socket)).toLowerCase()
  expect(answer).toContain('x-content-type-options: nosniff\r\n')
  expect(answer).toContain('cache-control: no-store\r\n')
})
