import type { Replay } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type HttpSite,
  type Lambdas,
  lambdasOf,
  startHttpSite,
  startTestServer,
  type TestServer,
} from '#testing'

const RUNS = 5

let server: TestServer
let asked = 0
let far: HttpSite

beforeAll(async () => {
  far = await startHttpSite((request, response) => {
    asked += 1
    if (request.url === '/gone') return void request.socket.destroy()
    if (request.url === '/long') return void response.end('x'.repeat(70_000))
    setTimeout(() => response.end(JSON.stringify({ asked })), asked % 7)
  })
  server = await startTestServer({ env: { PARLEY_EGRESS_PRIVATE: far.host } })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await far[Symbol.asyncDispose]()
})

async function givenAccount(): Promise<Lambdas> {
  const account = lambdasOf(server, await server.anotherAccount())
  await account.native('PATCH', '/settings', { recordings: { policy: 'all' } })
  return account
}

async function idsOf(account: Lambdas, functionId: string): Promise<string[]> {
  const reply = await account.native('GET', `/invocations?functionId=${functionId}&limit=500`)
  return reply
    .json<{ invocations: { recordId: string }[] }>()
    .invocations.map((run) => run.recordId)
}

async function replay(
  account: Lambdas,
  recordId: string | undefined,
  body: object,
): Promise<Replay> {
  const reply = await account.native('POST', `/invocations/${recordId}/replay`, body)
  if (reply.status !== 200) throw new Error(reply.text)
  return reply.json<Replay>()
}

const code = (sum: string) => `
const crypto = require('crypto')
async function lambda({ payload }) {
  const ask = async (path) => {
    const { asked } = await (await fetch(payload.origin + path)).json()
    console.info('answered', path, asked, Date.now())
    return asked
  }
  setTimeout(() => console.warn('timer', new Date().toISOString(), Math.random()), 3)
  const all = await Promise.allSettled([ask('/a'), ask('/b'), ask('/gone'), ask('/c')])
  await new Promise((done) => setTimeout(done, 4))
  if (payload.n % 5 === 4) throw new Error('failed at ' + Date.now())
  return [${sum}, all.map(({ value, reason }) => value ?? String(reason)), Math.random(), crypto.randomUUID(),
    crypto.randomBytes(4).toString('hex'), Date.now()]
}`

test('runs are the same with their own version; with one changed line they differ exactly there', async () => {
  const account = await givenAccount()
  const functionId = await account.deployed(code('payload.n + 1'))
  for (let n = 0; n < RUNS; n += 1) await account.invoke(functionId, { origin: far.origin, n })
  const ids = await idsOf(account, functionId)
  expect(ids).toHaveLength(RUNS)
  const before = asked

  const different: unknown[] = []
  for (const id of ids) {
    const done = await replay(account, id, { against: 'recorded' })
    if (!done.isSame) different.push(done.differences)
  }
  expect(different).toEqual([])

  const changed = await account.native('PATCH', `/functions/${functionId}`, {
    code: code('payload.n + 2'),
  })
  expect(changed.status).toBe(200)
  for (const [n, id] of ids.entries()) {
    const { differences, version } = await replay(account, id, { against: 'draft' })
    expect(version).toBe(2)
    const place = { part: 'result', path: '[0]', recorded: n + 1, replayed: n + 2 }
    expect(differences).toEqual(n === 4 ? [] : [place])
  }
  expect(asked).toBe(before)
})

test('a replay changes nothing: no record, log, count, use of a secret, or secret', async () => {
  const account = await givenAccount()
  await account.native('POST', '/secrets', {
    name: 'shop',
    type: 'text',
    value: 'value-of-the-shop',
  })
  const functionId = await account.deployed(`
    const { Toolbelt } = require('lp-faas-toolbelt')
    const lambda = async () => {
      const client = Toolbelt.SecretClient()
      const secret = await client.readSecret('shop')
      secret.value = 'changed-by-the-function'
      await client.updateSecret(secret)
      console.info('done')
      return 1
    }`)
  await account.invoke(functionId, {})
  await account.native('PUT', '/secrets/shop', { value: 'value-of-now' })
  const state = async () => {
    const { accountId } = account.account
    const { db } = server.context.store
    const of = async (
      table: 'invocation' | 'logEntry' | 'invocationMinute' | 'secret' | 'recording',
    ) => db.selectFrom(table).selectAll().where('accountId', '=', accountId).execute()
    return [
      await of('invocation'),
      await of('logEntry'),
      await of('invocationMinute'),
      await of('secret'),
      await of('recording'),
    ]
  }
  const [id] = await idsOf(account, functionId)
  await Promise.all([server.context.records.writer.flush(), server.context.recordings.flush()])
  const before = await state()

  expect(await replay(account, id, {})).toMatchObject({ isSame: true, outcome: 'SUCCEEDED' })

  await Promise.all([server.context.records.writer.flush(), server.context.recordings.flush()])
  expect(await state()).toEqual(before)
})

test('outgoing calls are answered as recorded, blocked, or made when that is asked for', async () => {
  const account = await givenAccount()
  const functionId = await account.deployed(
    `const lambda = async ({ payload }) => {
      const answer = await fetch(payload.origin + '/a').catch(() => undefined)
      return answer ? (await answer.json()).asked : 'blocked'
    }`,
  )
  const answered = (await account.invoke(functionId, { origin: far.origin })).json<number>()
  const [id] = await idsOf(account, functionId)
  expect(await replay(account, id, { calls: 'recorded' })).toMatchObject({ result: answered })
  const blocked = await replay(account, id, { calls: 'blocked' })
  expect(blocked).toMatchObject({ result: 'blocked', isSame: false })
  expect(blocked.differences).toContainEqual(
    expect.objectContaining({ part: 'result', recorded: answered, replayed: 'blocked' }),
  )
  expect(asked).toBe(answered)
  const made = await replay(account, id, { calls: 'allowed' })
  expect(made).toMatchObject({ result: answered + 1, isSame: false })
  expect(asked).toBe(answered + 1)
})

const invokesOf = (inner: string) => `
const { Toolbelt } = require('lp-faas-toolbelt')
const lambda = async ({ payload }) => {
  const invocations = [{ uuid: '${inner}', payload }]
  const [{ body, error }] = await Toolbelt.OrchestratorClient().invoke(invocations, 5000)
  return [body, error]
}`

test('a run is the same whether its instance had looked up the service before or did it then', async () => {
  const account = await givenAccount()
  const inner = await account.deployed('const lambda = async ({ payload }) => payload * 2')
  const outer = await account.deployed(invokesOf(inner))
  for (const n of [1, 2]) await account.invoke(outer, n)
  for (const id of await idsOf(account, outer)) {
    expect(await replay(account, id, {})).toMatchObject({ differences: [], isSame: true })
  }
  expect(await idsOf(account, inner)).toHaveLength(2)
})

test('a replay whose calls are let out invokes functions, however long the run was ago and how often it is repeated', async () => {
  const account = await givenAccount()
  const inner = await account.deployed('const lambda = async ({ payload }) => payload * 2')
  const outer = await account.deployed(invokesOf(inner))
  expect((await account.invoke(outer, 21)).json()).toEqual([42, null])
  await server.clock.advance(3_600_000)
  const [id] = await idsOf(account, outer)
  for (let times = 0; times < 2; times += 1) {
    const made = await replay(account, id, { calls: 'allowed' })
    expect(made).toMatchObject({ outcome: 'SUCCEEDED', result: [42, null] })
  }
  expect(await idsOf(account, inner)).toHaveLength(3)

  await account.native('PATCH', '/settings', { functionsEnabled: false })
  await expect(replay(account, id, { calls: 'allowed' })).rejects.toThrow('switched off')
  expect(await replay(account, id, {})).toMatchObject({ isSame: true })
})

test('an answer that was too long to be kept is known by its hash, and is not asked for again', async () => {
  const account = await givenAccount()
  const functionId = await account.deployed(
    `const lambda = async ({ payload }) => (await (await fetch(payload.origin + '/long')).text()).length`,
  )
  expect((await account.invoke(functionId, { origin: far.origin })).text).toBe('70000')
  const [id] = await idsOf(account, functionId)
  const reply = await account.native('GET', `/invocations/${id}/recording`)
  expect(reply.json()).toMatchObject({
    calls: [{ answer: { bytes: 70_000, hash: expect.any(String) } }],
  })
  const before = asked
  const done = await replay(account, id, {})
  expect(done).toMatchObject({ isSame: false, outcome: 'CODING_FAILURE' })
  expect(asked).toBe(before)
})

test('a test of the draft is repeated as other runs are; its log only where it was kept', async () => {
  const account = await givenAccount()
  const { uuid } = await account.create(
    `const lambda = ({ payload }) => { console.debug('seen'); console.info(Math.random()); return payload.n + 1 }`,
  )
  for (const keepLogs of [false, true]) {
    const body = { target: 'draft', payload: { n: 1 }, keepLogs }
    expect((await account.native('POST', `/functions/${uuid}/test`, body)).status).toBe(200)
  }
  const [without, kept] = await idsOf(account, uuid)
  const note = expect.stringMatching(/^The log of the run is not kept/)
  const first = await replay(account, without, { against: 'draft' })
  expect(first).toMatchObject({ isSame: true, result: 2, notes: [note] })
  const second = await replay(account, kept, { against: 'recorded' })
  expect(second).toMatchObject({ isSame: true, result: 2 })
  expect(second.notes).not.toContainEqual(note)
})

test.each([
  [100_000, 1_000],
  [10_000, 100_000],
])(
  'a run of which %s bytes were kept is the same, also when the account keeps %s now',
  async (kept, now) => {
    const account = await givenAccount()
    const keep = (maxBytes: number) =>
      account.native('PATCH', '/settings', { recordings: { maxBytes } })
    await keep(kept)
    const functionId = await account.deployed(`const lambda = async () => 'x'.repeat(20_000)`)
    await account.invoke(functionId, {})
    const [id] = await idsOf(account, functionId)
    await keep(now)
    expect(await replay(account, id, {})).toMatchObject({ differences: [], isSame: true })
  },
)

test('what cannot be replayed says why', async () => {
  const account = await givenAccount()
  const functionId = await account.deployed('const lambda = () => 1')
  await account.invoke(functionId, 'x'.repeat(70_000))
  await account.native('PATCH', '/settings', { recordings: { policy: 'off' } })
  await account.invoke(functionId, {})
  const [long, off] = await idsOf(account, functionId)
  const refusal = async (id: string | undefined, body: object = {}) =>
    (await account.native('POST', `/invocations/${id}/replay`, body)).text
  expect(await refusal(long)).toContain('recordings.maxBytes')
  expect(await refusal(off)).toContain('does not keep what a replay needs')
  expect(await refusal('019b8d99-6900-7000-8024-376c00fc7135')).toContain('No invocation')
  await account.native('PATCH', '/settings', { recordings: { policy: 'all', maxBytes: 1_000_000 } })
  await account.invoke(functionId, 'x'.repeat(900_000))
  const whole = (await idsOf(account, functionId)).at(-1)
  expect(await replay(account, whole, {})).toMatchObject({ isSame: true })
  expect(await refusal(whole, { against: { version: 9 } })).toContain('has no version 9')
  const applied = await account.native('POST', `/invocations/${whole}/replay/apply`, {
    against: { version: 3_000_000_000 },
  })
  for (const said of [
    await refusal(whole, { against: { version: 3_000_000_000 } }),
    applied.text,
  ]) {
    expect(said).toMatch(/body\.against\.version: .*2147483647/)
  }
  const other = await givenAccount()
  expect((await other.native('POST', `/invocations/${whole}/replay`, {})).status).toBe(404)
})

test('a secret that is gone, and a function that never ends, are differences', async () => {
  const account = await givenAccount()
  await account.native('POST', '/secrets', {
    name: 'shop',
    type: 'text',
    value: 'value-of-the-shop',
  })
  const source = (more: string) => `
    const { Toolbelt } = require('lp-faas-toolbelt')
    const lambda = async () => { ${more}; return (await Toolbelt.SecretClient().readSecret('shop')).key }`
  const functionId = await account.deployed(source(''))
  await account.invoke(functionId, {})
  const [id] = await idsOf(account, functionId)
  await account.native('PATCH', `/functions/${functionId}`, {
    code: source('for (;;) await new Promise((done) => setTimeout(done, 1000))'),
  })
  expect(await replay(account, id, { against: 'draft' })).toMatchObject({ outcome: 'TIMEOUT' })
  await account.native('DELETE', '/secrets/shop')
  const { differences } = await replay(account, id, {})
  expect(differences).toContainEqual({
    part: 'outcome',
    path: 'errorMessage',
    recorded: null,
    replayed: 'There is no Secret shop for this account',
  })
})
