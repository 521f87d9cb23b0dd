import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lambdas, lambdasOf, startTestServer, type TestServer } from '#testing'

let server: TestServer
let account: Lambdas
beforeAll(async () => {
  server = await startTestServer({ wallClock: 'system' })
  account = lambdasOf(server)
})
afterAll(() => server[Symbol.asyncDispose]())

/** Runs statements that may send requests to this server: `own` by host call, `fetch` by the proxy. */
async function run(statements: string, payload: unknown = null, by: Lambdas = account) {
  const uuid = await by.deployed(`const { Toolbelt } = require('lp-faas-toolbelt')
const client = Toolbelt.HTTPClient()
const shown = (error) => ({ code: error.code, message: error.message })
const own = (path, options = {}) =>
  client('https://parley.internal' + path, { simple: false, resolveWithFullResponse: true, ...options })
    .then((answer) => answer.statusCode, shown)
const lambda = async ({ payload }) => { ${statements} }`)
  const reply = await by.invoke(uuid, payload)
  if (reply.status !== 200) throw new Error(reply.text)
  return reply.json<unknown>()
}

/** Connections to this node's listener for functions that are open at their beginning. */
function openConnections(): number {
  const port = server.context.ports.internal.toString(16).toUpperCase().padStart(4, '0')
  const established = new RegExp(`^ *\\d+: \\w+:\\w+ \\w+:${port} 01 `)
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .filter((line) => established.test(line)).length
}

const streams = ['/logs/tail', '/chat-events'] as const

test.runIf(process.platform === 'linux').each(streams)(
  'a function gets no event stream of %s, and no connection of it stays open',
  async (path) => {
    const statements = `const headers = { authorization: 'Bearer ' + payload.bearer }
      return Promise.all(Array.from({ length: 15 }, () => own(payload.path, { headers })))`
    const { accountId, adminBearer: bearer } = server
    const answers = await run(statements, { path: `/api/v1/accounts/${accountId}${path}`, bearer })

    expect(answers).toHaveLength(15)
    expect(new Set((answers as { message: string }[]).map(({ message }) => message))).toEqual(
      new Set(['Error: Functions cannot read event streams of the platform']),
    )
    await expect.poll(openConnections).toBe(0)
  },
)

test.runIf(process.platform === 'linux')(
  'what a function has asked and not waited for leaves no connection open',
  async () => {
    const never = await account.deployed('function lambda(input, callback) {}')
    const statements = `const headers = { authorization: 'Bearer ' + payload.bearer }
      const options = { method: 'POST', headers, json: true, body: { payload: 1 } }
      for (let n = 0; n < 10; n++) void own(payload.path, options)
      await Toolbelt.SecretClient().readSecret('none').catch(() => undefined)
      return 'gone'`
    const path = `/api/account/${server.accountId}/lambdas/${never}/invoke?v=1&skillId=&externalSystem=test`

    expect(await run(statements, { path, bearer: server.appToken })).toBe('gone')
    await expect.poll(openConnections).toBe(0)
  },
)

test('an answer of more than 10 MB is refused, one below it arrives', async () => {
  const key = await account.native('GET', '/context-store/key')
  const { apiKey } = key.json<{ apiKey: string }>()
  const space = `/v1/account/${server.accountId}/custom`
  const write = (session: string, count: number, size: number) =>
    Promise.all(
      Array.from({ length: count }, (_, n) =>
        server.request('PATCH', `${space}/${session}/properties`, {
          headers: { 'maven-api-key': apiKey },
          body: { [`p${n}`]: 'x'.repeat(size) },
        }),
      ),
    )
  await write('large', 12, 900_000)
  await write('fits', 10, 900_000)
  const read = `return own(payload.path, { headers: { 'maven-api-key': payload.apiKey } })`

  expect(await run(read, { path: `${space}/large/properties`, apiKey })).toMatchObject({
    message: expect.stringContaining('The answer has more than 10485760 bytes'),
  })
  expect(await run(read, { path: `${space}/fits/properties`, apiKey })).toBe(200)
})

const guessing = `const guess = (password) => {
    const body = JSON.stringify({ username: payload.user, password })
    const headers = { 'content-type': 'application/json' }
    if (payload.by === 'fetch') {
      return fetch('https://parley.internal' + payload.path, { method: 'POST', headers, body }).then((r) => r.status)
    }
    return own(payload.path, { method: 'POST', headers, body })
  }
  const answers = []
  for (let n = 0; n < 12; n++) {
    answers.push(await guess('wrong' + n))
    await new Promise((resolve) => setTimeout(resolve, 60))
  }
  return answers`

test.each(['own', 'fetch'])(
  'guessing passwords by %s is limited for that account only',
  async (by) => {
    const hostile = await server.anotherAccount()
    const victim = await server.anotherAccount()
    const path = `/api/account/${victim.accountId}/login`
    const { user, password } = victim.admin
    const payload = { path, user, by }

    const answers = await run(guessing, payload, lambdasOf(server, hostile))

    expect(answers).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429])
    // By its own functions, and by its users on this machine.
    const right = `return own(payload.path, { method: 'POST', json: true, body: { username: payload.user, password: payload.password } })`
    expect(await run(right, { path, user, password }, lambdasOf(server, victim))).toBe(200)
    const login = await server.request('POST', path, { body: { username: user, password } })
    expect(login.status).toBe(200)
  },
)

const REGIONAL = [
  'va.sentinel.liveperson.net',
  'lo.agentvep.liveperson.net',
  'sy.msg.liveperson.net',
]

test.each(['own', 'fetch'])(
  "the vendor's regional hosts lead here by %s, for the function's own account only",
  async (by) => {
    const other = await server.anotherAccount()
    const statements = `const path = '/api/account/' + payload.account + '/service/baseURI.json'
      const ask = async (host) => payload.by === 'fetch'
        ? fetch('https://' + host + path).then((answer) => answer.status)
        : client('https://' + host + path, { simple: false, resolveWithFullResponse: true })
            .then((answer) => answer.statusCode)
      return Promise.all(payload.hosts.map((host) => ask(host).catch(shown)))`
    const asked = (account: string) => run(statements, { by, account, hosts: REGIONAL })
    expect(await asked(server.accountId)).toEqual([200, 200, 200])
    expect(await asked(other.accountId)).toEqual([403, 403, 403])
    const elsewhere = { by, account: server.accountId, hosts: ['a.b.msg.liveperson.net'] }
    expect(await run(statements, elsewhere)).not.toEqual([200])
  },
)
