import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { startTestServer } from '#testing'

/** Routes by which anybody may send a body: log-ins, sign-ups, tokens, invitations, and the start of a chat. At most 64 KiB each. */
const OPEN_TO_ANYBODY = [
  'POST /api/account/:accountId/anonymous/authorize',
  'POST /api/account/:accountId/authenticate',
  'POST /api/account/:accountId/login',
  'POST /api/account/:accountId/logout',
  'POST /api/account/:accountId/refresh',
  'POST /api/account/:accountId/signup',
  'POST /api/v1/accounts/:accountId/consumer/chats',
  'POST /api/v1/accounts/:accountId/invitation',
  'POST /api/v1/accounts/:accountId/invitation/password',
  'POST /api/v1/accounts/:accountId/sessions',
  'POST /sentinel/api/account/:accountId/app/token',
  'POST /sentinel/api/v2/account/:accountId/app/token',
  'POST /sentinel/api/account/:accountId/token',
  'POST /sentinel/api/account/:accountId/interaction/:uid',
]

/** What the server says to the head of a request whose body does not come. Empty where it waits for the body. */
async function answerTo(port: number, method: string, path: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  const type = 'Content-Type: application/json\r\nContent-Length: 60000'
  socket.write(`${method} ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${type}\r\n\r\n`)
  socket.once('data', () => socket.end())
  return await text(socket)
}

test('every other route refuses who shows no credentials before it reads any of a body', async () => {
  await using server = await startTestServer()
  const guarded = server.context.http
    .routes()
    .filter(({ method }) => ['POST', 'PUT', 'PATCH', 'DELETE'].includes(method))
    .filter(({ method, path }) => !OPEN_TO_ANYBODY.includes(`${method} ${path}`))
  expect(guarded.length).toBeGreaterThan(80)

  const answers = await Promise.all(
    guarded.map(async ({ method, path }) => {
      const address = path.replaceAll(/:(\w+)/g, (_whole, name: string) =>
        name === 'accountId' ? server.accountId : 'x',
      )
      return [`${method} ${path}`, (await answerTo(server.port, method, address)).slice(9, 12)]
    }),
  )

  expect(answers.filter(([, status]) => status !== '401' && status !== '403')).toEqual([])
})
