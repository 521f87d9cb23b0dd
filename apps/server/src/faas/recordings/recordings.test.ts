import type { AuditEntry, RecordingView } from '@parley/contract'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import {
  type HttpSite,
  type Lambdas,
  lambdasOf,
  startHttpSite,
  startTestServer,
  type TestServer,
} from '#testing'

const EVENT = 'controllerbot_messaging_conversation_end'
const SECRET = 'planted-secret-value'

let server: TestServer
let far: HttpSite

beforeAll(async () => {
  far = await startHttpSite((request, response) => {
    if (request.url === '/long') return void response.end('x'.repeat(70_000))
    response.setHeader('set-cookie', 'session=planted-cookie')
    response.setHeader('content-type', 'application/json')
    response.end('{"ok":true,"access_token":"planted-token"}')
  })
  server = await startTestServer({ env: { PARLEY_EGRESS_PRIVATE: far.host } })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await far[Symbol.asyncDispose]()
})

const CODE = `
const { randomBytes } = require('crypto')
const { Toolbelt } = require('lp-faas-toolbelt')
const lambda = async ({ payload }) => {
  const { value } = await Toolbelt.SecretClient().readSecret('shop')
  const headers = { authorization: 'Bearer planted-header', 'content-type': 'application/json' }
  const body = JSON.stringify({ password: 'planted-password', key: value, of: Date.now() > 0 })
  const answer = await fetch(payload.origin + '/api?token=planted-query', { method: 'POST', headers, body })
  await (await fetch(payload.origin + '/long')).text()
  await fetch(payload.origin + '/unread')
  return [(await answer.json()).ok, randomBytes(8).length, Math.random() < 1]
}`

interface Run {
  recordId: string
  input: unknown
  outgoing: unknown
}

function largeRecording(accountId: string, n: number) {
  return {
    accountId,
    startedAt: new Date(server.clock.now()),
    recordId: `00000000-0000-7000-8000-0000000000${10 + n}`,
    functionId: '00000000-0000-7000-8000-000000000000',
    conversationId: null,
    bodyBytes: 65_536,
    environment: [],
    trace: { seed: Buffer.alloc(16), parts: [Buffer.alloc(1_000_000, ' ')] },
  }
}

async function runsOf(account: Lambdas, functionId: string): Promise<Run[]> {
  const reply = await account.native('GET', `/invocations?functionId=${functionId}`)
  return reply.json<{ invocations: Run[] }>().invocations
}

async function givenAccount(policy?: string): Promise<Lambdas> {
  const account = lambdasOf(server, await server.anotherAccount())
  await account.native('PATCH', '/settings', { recordings: { policy } })
  await account.native('POST', '/secrets', { name: 'shop', type: 'text', value: SECRET })
  return account
}

test('a run is recorded with all that a replay needs, and with no credential', async () => {
  const account = await givenAccount('all')
  const code = {
    implementation: { environmentVariables: [{ key: 'REGION', value: 'planted-eu' }] },
  }
  const uuid = await account.deployed(CODE, code)
  const answer = await account.invoke(uuid, { origin: far.origin, client_secret: 'planted-input' })
  expect(answer.json()).toEqual([true, 8, true])

  const [run] = await runsOf(account, uuid)
  const reply = await account.native('GET', `/invocations/${run?.recordId}/recording`)

  const recording = reply.json<RecordingView>()
  expect(recording).toMatchObject({
    kept: 'whole',
    statedBy: 'function',
    version: 1,
    seed: expect.stringMatching(/^[0-9a-f]{32}$/),
    secrets: ['shop'],
    drawnBytes: 8,
    over: [],
    calls: [
      {
        method: 'POST',
        url: `${far.origin}/api?token=[secret]`,
        request: { text: '{"password":"[secret]","key":"[secret]","of":true}' },
        status: 200,
        answer: { text: '{"ok":true,"access_token":"[secret]"}' },
      },
      { url: `${far.origin}/long`, answer: { bytes: 70_000, hash: expect.any(String) } },
      { url: `${far.origin}/unread`, status: 200 },
    ],
    platformCalls: [{ kind: 'secret.read', args: { key: 'shop' } }],
  })
  expect(recording.environment).toContain('REGION')
  const { db } = server.context.store
  const rows = [
    await db.selectFrom('recording').selectAll().execute(),
    await db.selectFrom('invocation').selectAll().execute(),
  ]
  expect(JSON.stringify(rows)).not.toContain('planted')
})

test.each([
  ['off', { event: null, success: null, failure: null }],
  ['metadata', { event: 'heads', success: 'heads', failure: 'heads' }],
  ['errors', { event: null, success: null, failure: 'whole' }],
  ['events', { event: 'whole', success: 'whole', failure: 'whole' }],
  ['all', { event: 'whole', success: 'whole', failure: 'whole' }],
])('under the policy "%s" runs are kept as it says', async (policy, expected) => {
  const account = await givenAccount(policy)
  const { invocations } = server.context
  const { accountId } = account.account
  const call = `await fetch('${far.origin}/api')`
  const event = await account.deployed(`const lambda = async () => { ${call}; return [] }`, {
    eventId: EVENT,
  })
  const direct = await account.deployed(
    `const lambda = async ({ payload }) => { ${call}; if (payload) throw new Error('no'); return 1 }`,
  )
  const raised = { eventId: EVENT, invocationId: 'i', source: 'test', payload: {} }
  const { functions } = await invocations.invokeEvent(accountId, raised)
  for (const { record } of functions) invocations.record(record)
  await account.invoke(direct, false)
  await account.invoke(direct, true)

  const [first] = await runsOf(account, event)
  const [success, failure] = await runsOf(account, direct)
  const kept = async (run: Run | undefined) => {
    const { status } = await account.native('GET', `/invocations/${run?.recordId}/recording`)
    if (status === 200 && run?.input !== null && run?.outgoing) return 'whole'
    return run?.outgoing ? 'heads' : null
  }
  expect({
    event: await kept(first),
    success: await kept(success),
    failure: await kept(failure),
  }).toEqual(expected)
})

test('of direct successes ten of each function are kept in a minute, and every failure', async () => {
  const account = await givenAccount('events')
  const code = 'const lambda = ({ payload }) => { if (payload.fail) throw new Error(); return 1 }'
  const functionId = await account.deployed(code)
  const others = await account.deployed(code)
  const callAll = async (id: string, fail: boolean, count: number) => {
    for (let n = 0; n < count; n += 1) await account.invoke(id, { fail })
  }
  await callAll(functionId, false, 12)
  await callAll(others, false, 1)
  await callAll(functionId, true, 3)
  await server.clock.advance(60_000)
  await callAll(functionId, false, 2)
  const keptOf = async (id: string) => {
    const runs = await runsOf(account, id)
    return runs.map(({ input }) => input !== null)
  }
  const [ten, two] = [Array(10).fill(true), [false, false]]
  expect(await keptOf(functionId)).toEqual([...ten, ...two, true, true, true, true, true])
  expect(await keptOf(others)).toEqual([true])
})

test('a time-out is recorded with what was answered before it', async () => {
  const account = await givenAccount('all')
  const uuid = await account.deployed(`const lambda = async ({ payload }) => {
    await (await fetch('${far.origin}/api')).text()
    while (payload.loops);
  }`)
  // What an instance does for its first request is done, so that the next one is answered in time on any machine.
  expect((await account.invoke(uuid, {})).status).toBe(200)
  await account.native('PATCH', '/settings', { limits: { executionTimeMs: 3_000 } })
  await account.invoke(uuid, { loops: true })
  const [run] = await runsOf(account, uuid)
  const reply = await account.native('GET', `/invocations/${run?.recordId}/recording`)
  expect(reply.json()).toMatchObject({ kept: 'whole', calls: [{ status: 200 }] })
})

test('whatever a hostile function states, its call and those of others go on', async () => {
  const account = await givenAccount('all')
  const uuid = await account.deployed(`const lambda = async ({ payload }) => {
    for (let n = 0; n < 3000; n += 1) { Date.now(); Math.random(); require('crypto').randomBytes(100) }
    for (let n = 0; n < 1200; n += 1) await new Promise((done) => setImmediate(done))
    await Promise.all(Array.from({ length: 1200 }, () => new Promise((done) => setTimeout(done, 1))))
    JSON.stringify = () => { throw new Error('spoilt') }
    Array.prototype.push = () => { throw new Error('spoilt') }
    return 1
  }`)
  expect((await account.invoke(uuid, {})).text).toBe('1')
  const [run] = await runsOf(account, uuid)
  const reply = await account.native('GET', `/invocations/${run?.recordId}/recording`)
  const over = expect.arrayContaining(['random bytes', 'timers and answers'])
  expect(reply.json()).toMatchObject({ kept: 'whole', over })
})

test('over the budget of the writer a run keeps metadata only, marked so, and its caller waits for nothing', async () => {
  const account = await givenAccount('all')
  const { recordings, store } = server.context
  const { accountId } = account.account
  const kept = Array.from({ length: 20 }, (_, n) => recordings.add(largeRecording(accountId, n)))
  expect([kept.slice(0, 16), kept.slice(16)]).toEqual([Array(16).fill(true), Array(4).fill(false)])
  await recordings.flush()
  const rows = await store.db
    .selectFrom('recording')
    .selectAll()
    .where('accountId', '=', accountId)
    .execute()
  expect(rows).toHaveLength(20)
  expect(rows.at(-1)?.recording).toMatchObject({ kept: 'metadata', reason: expect.any(String) })
})

test('recordings that the database does not take count to the budget until they are written', async () => {
  const account = await givenAccount('all')
  const { accountId } = account.account
  const { recordings, store } = server.context
  const add = (n: number) => recordings.add(largeRecording(accountId, n))
  await sql`create function refuse_for_test() returns trigger language plpgsql as
    $$ begin raise exception 'nothing is kept here'; end $$`.execute(store.db)
  await sql`create trigger refuse_for_test before insert on recording
    for each row execute function refuse_for_test()`.execute(store.db)
  const ofOutage: boolean[] = []
  for (let n = 0; n < 20; n += 1) {
    ofOutage.push(add(n))
    await recordings.flush()
  }
  expect(ofOutage).toEqual([...Array(16).fill(true), ...Array(4).fill(false)])
  await sql`drop trigger refuse_for_test on recording`.execute(store.db)
  await recordings.flush()
  expect(add(20)).toBe(true)
  await recordings.flush()
  const rows = await store.db
    .selectFrom('recording')
    .select('recordId')
    .where('accountId', '=', accountId)
    .execute()
  expect(rows).toHaveLength(21)
})

test('of direct runs whose inputs and results are too many to wait for the writer only metadata is kept, and it says so', async () => {
  const account = await givenAccount('all')
  const uuid = await account.deployed('const lambda = () => 1')
  const takes = vi.spyOn(server.context.records.writer, 'takes').mockReturnValue(false)
  expect((await account.invoke(uuid, {})).text).toBe('1')
  takes.mockRestore()
  const [run] = await runsOf(account, uuid)
  expect(run).toMatchObject({ input: null, result: null })
  const reply = await account.native('GET', `/invocations/${run?.recordId}/recording`)
  expect(reply.json()).toMatchObject({ kept: 'metadata', reason: expect.any(String) })
})

test('a recording of another account is not found', async () => {
  const [one, other] = [await givenAccount('all'), await givenAccount('all')]
  const uuid = await one.deployed('const lambda = () => 1')
  await one.invoke(uuid, {})
  const [run] = await runsOf(one, uuid)
  expect((await other.native('GET', `/invocations/${run?.recordId}/recording`)).status).toBe(404)
  expect((await one.native('GET', `/invocations/${run?.recordId}/recording`)).status).toBe(200)
})

test('each reading of a recording is in the audit, and each replay', async () => {
  const account = await givenAccount('all')
  const uuid = await account.deployed('const lambda = () => 1')
  await account.invoke(uuid, {})
  const [run] = await runsOf(account, uuid)
  const path = `/invocations/${run?.recordId}`
  await account.native('GET', `${path}/recording`)
  await account.native('GET', `${path}/recording`)
  await account.native('POST', `${path}/replay`, {})
  // Readings of one minute are one entry, with their count.
  const audit = async () => {
    const reply = await account.native('GET', '/audit?limit=100')
    const { entries } = reply.json<{ entries: AuditEntry[] }>()
    const those = entries.filter(({ action }) => /^recording|replayed/.test(action))
    return those.map(({ action, object, count = 1 }) => `${action} ${object} ${count}`).toSorted()
  }
  const of = `invocations/${run?.recordId}`
  const expected = [`invocation.replayed ${of}/replay 1`, `recording.read ${of}/recording 2`]
  await expect.poll(audit).toEqual(expected)
})
