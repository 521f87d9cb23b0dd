import { once } from 'node:events'
import { connect } from 'node:net'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { matchPath, readBody, route } from '#base/http'
import { ParleyError } from '#base/kernel'
import { openTestHttp } from './http.fixture.ts'

const MANY = 4_000_000

/** The server with one route of each kind, and a bare connection to it. */
async function openBare() {
  const server = await openTestHttp((http) => {
    const body = z.object({ size: z.int() })
    const open = { method: 'POST', path: '/open', auth: 'public', body } as const
    route(http.app, open, (call) => call.body)
    route(http.app, { ...open, path: '/guarded', auth: 'account' }, (call) => call.body)
    const admit = async () => {
      throw new ParleyError('forbidden', 'Another key')
    }
    route(http.app, { ...open, path: '/own-key' }, (call) => call.body, admit)
    http.hot('POST', matchPath('/hot'), async ({ request }) => ({
      status: 200,
      body: await readBody(request, 1000),
    }))
  })
  const socket = connect(server.port, '127.0.0.1')
  await once(socket, 'connect')
  let heard = ''
  socket.on('data', (data) => (heard += data.toString()))
  const failed = new Promise<never>((_resolve, reject) => socket.once('error', reject))
  // Counts only where a test waits for an answer.
  failed.catch(() => undefined)
  return {
    socket,
    /** Resolves with the head of the answer that has come after `fits` is in it. */
    answer: async (fits: RegExp) => {
      while (!fits.test(heard)) await Promise.race([once(socket, 'data'), failed])
      const text = heard
      heard = ''
      return text
    },
    head: (path: string, length: number) =>
      `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`,
    async [Symbol.asyncDispose]() {
      socket.destroy()
      await server[Symbol.asyncDispose]()
    },
  }
}

test.each([
  ['/guarded', 401],
  ['/own-key', 403],
  ['/nowhere', 404],
])('%s is answered %i before any of the body has come', async (path, status) => {
  await using bare = await openBare()

  bare.socket.write(bare.head(path, 1_000_000))

  expect(await bare.answer(/\r\n\r\n\{.*\}/)).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
})

test.each(['/open', '/hot', '/guarded', '/nowhere'])(
  'a client that first sends all of a body that %s does not take reads the answer, and can go on',
  async (path) => {
    await using bare = await openBare()

    bare.socket.pause()
    bare.socket.write(bare.head(path, MANY))
    await new Promise((resolve) => bare.socket.write(Buffer.alloc(MANY, 'x'), resolve))
    bare.socket.resume()

    const status = { '/guarded': 401, '/nowhere': 404 }[path] ?? 413
    expect(await bare.answer(/\r\n\r\n\{.*\}/)).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    bare.socket.write(`${bare.head('/open', 10)}{"size":1}`)
    expect(await bare.answer(/\{"size":1\}/)).toMatch(/^HTTP\/1.1 200 /)
  },
)

test('a body without a length is refused when it has become too large, and its rest is read', async () => {
  await using bare = await openBare()
  const chunk = `${(100_000).toString(16)}\r\n${'x'.repeat(100_000)}\r\n`

  bare.socket.write(
    bare.head('/open', 0).replace('Content-Length: 0', 'Transfer-Encoding: chunked'),
  )
  for (let sent = 0; sent < 20; sent += 1) bare.socket.write(chunk)
  bare.socket.write('0\r\n\r\n')

  expect(await bare.answer(/\r\n\r\n\{.*\}/)).toMatch(/^HTTP\/1.1 413 /)
  bare.socket.write(`${bare.head('/open', 10)}{"size":1}`)
  expect(await bare.answer(/\{"size":1\}/)).toMatch(/^HTTP\/1.1 200 /)
})

test('more than 16 MB after the answer are not read', async () => {
  await using bare = await openBare()
  const closed = new Promise((resolve) => bare.socket.once('close', resolve))

  bare.socket.write(bare.head('/open', 1_000_000_000))
  for (let sent = 0; sent < 20 && !bare.socket.destroyed; sent += 1) {
    await new Promise((resolve) => bare.socket.write(Buffer.alloc(1_000_000, 'x'), resolve))
  }

  await closed
})

test.each([
  ['nested deeply', '['.repeat(60_000), /nested more than 64 levels/],
  ['with very many values', `[${'0,'.repeat(30_000)}0]`, /more than 10000 values/],
  ['with very many names', `{${'"a":1,'.repeat(4_000)}"b":1}`, /body.size: is missing/],
  ['with brackets in strings only', `{"size":"${'[{,\\\\'.repeat(9_000)}"}`, /body.size/],
  ['that ends inside a string', `{"size":"\\"[[[`, /not JSON/],
])('a body %s is refused', async (_what, body, message) => {
  await using bare = await openBare()

  bare.socket.write(bare.head('/open', body.length) + body)

  const answer = await bare.answer(/\r\n\r\n\{.*\}/)
  expect(answer).toMatch(/^HTTP\/1.1 400 /)
  expect(answer).toMatch(message)
})

test('a client that leaves in the middle of its body is no failure of the server: its log stays empty', async () => {
  const lines: string[] = []
  const logger = pino({ level: 'error' }, { write: (line) => void lines.push(line) })
  const left = Promise.withResolvers<void>()
  await using server = await openTestHttp(
    (http) => {
      const open = { method: 'POST', path: '/open', auth: 'public', body: z.object({}) } as const
      http.app.addHook('onRequestAbort', async (_request) => left.resolve())
      route(http.app, open, () => ({}))
    },
    { logger },
  )
  const socket = connect(server.port, '127.0.0.1')
  const head = 'POST /open HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n'
  socket.write(`${head}Content-Length: 100\r\nExpect: 100-continue\r\n\r\n`)
  // The server waits for the body from now on.
  await once(socket, 'data')
  socket.destroy()
  await left.promise

  expect(lines).toEqual([])
})
