import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lambdas, lambdasOf, startTestServer, type TestServer } from '#testing'

let server: TestServer
let lambdas: Lambdas
beforeAll(async () => {
  server = await startTestServer()
  lambdas = lambdasOf(server)
})
afterAll(() => server[Symbol.asyncDispose]())

interface Record {
  recordId: string
  input: unknown
  result: unknown
  [member: string]: unknown
}

async function recordsOf(query: string): Promise<{ invocations: Record[]; next?: string }> {
  return (await lambdas.native('GET', `/invocations?${query}`)).json()
}

test('every invocation leaves its record; input and result of a sample and of every failure are kept', async () => {
  const uuid = await lambdas.deployed(
    'const lambda = ({ payload }) => { if (payload.fail) throw new Error("no"); return payload }',
    { name: 'recorded' },
  )
  for (let call = 1; call <= 12; call++) await lambdas.invoke(uuid, { call })
  await lambdas.invoke(uuid, { fail: true })

  const { invocations } = await recordsOf(`functionId=${uuid}`)

  expect(invocations).toHaveLength(13)
  expect(invocations.slice(0, 10).map(({ result }) => result)).toEqual(
    Array.from({ length: 10 }, (_, index) => ({ call: index + 1 })),
  )
  expect(invocations.slice(10, 12)).toMatchObject([
    { input: null, result: null, outcome: 'SUCCEEDED' },
    { input: null, result: null },
  ])
  expect(invocations[12]).toMatchObject({
    functionName: 'recorded',
    outcome: 'CODING_FAILURE',
    errorCode: 'com.liveperson.faas.handler.custom-failure',
    errorMessage: 'no',
    input: { payload: { fail: true } },
    source: 'test',
    attempt: 1,
  })
  for (const record of invocations) {
    const one = await lambdas.native('GET', `/invocations/${record.recordId}`)
    expect(one.json()).toEqual(record)
  }
})

test('an invocation is found by its id, also when its record is compact', async () => {
  const uuid = await lambdas.deployed('const lambda = () => 1')
  for (let call = 0; call < 13; call++) {
    await lambdas.call(
      'POST',
      `/lambdas/${uuid}/invoke?v=1`,
      { payload: {} },
      { bearer: server.appToken, headers: { 'x-request-id': `call/${call}` } },
    )
    await recordsOf('limit=1')
  }
  for (const call of [0, 11]) {
    const { invocations, next } = await recordsOf(`invocationId=call/${call}`)
    expect(invocations).toMatchObject([{ functionId: uuid, invocationId: `call/${call}` }])
    expect(next).toBeUndefined()
  }
  expect((await recordsOf('invocationId=call')).invocations).toEqual([])
})

test('pages lead from the newest to the oldest', async () => {
  const uuid = await lambdas.deployed('const lambda = ({ payload }) => payload')
  for (let call = 1; call <= 5; call++) await lambdas.invoke(uuid, call)

  const first = await recordsOf(`functionId=${uuid}&limit=2`)
  const second = await recordsOf(`functionId=${uuid}&limit=2&after=${first.next}`)
  const third = await recordsOf(`functionId=${uuid}&limit=2&after=${second.next}`)

  const results = [third, second, first].flatMap(({ invocations }) =>
    invocations.map(({ result }) => result),
  )
  expect(results).toEqual([1, 2, 3, 4, 5])
  expect(third.next).toBeUndefined()
})

test('pages of compact records have each run once, in order', async () => {
  const uuid = await lambdas.deployed('const lambda = () => 1')
  for (let call = 0; call < 40; call++) await lambdas.invoke(uuid, call)

  const ids: string[] = []
  let after = ''
  do {
    const page = await recordsOf(`functionId=${uuid}&limit=7${after}`)
    ids.unshift(...page.invocations.map(({ recordId }) => recordId))
    after = page.next === undefined ? '' : `&after=${page.next}`
  } while (after !== '')

  expect(ids).toHaveLength(40)
  expect(ids).toEqual([...new Set(ids)].toSorted())
})

test('what is no cursor of the list is refused, also where it has the length of one', async () => {
  const refused = await lambdas.native('GET', `/invocations?after=1.${'-'.repeat(36)}`)

  expect(refused.status).toBe(400)
  expect(refused.json()).toMatchObject({ error: { details: [{ path: 'query.after' }] } })
})

test('runs of one version are found, also where their records are compact', async () => {
  const uuid = await lambdas.deployed('const lambda = () => 1')
  for (let call = 0; call < 12; call++) await lambdas.invoke(uuid, { call })
  const { version } = (await lambdas.native('GET', `/functions/${uuid}`)).json<{
    version: number
  }>()
  const changed = await lambdas.native('PATCH', `/functions/${uuid}`, {
    code: 'const lambda = () => 2',
  })
  expect(changed.status).toBe(200)
  await lambdas.deploy(uuid)
  await lambdas.invoke(uuid, {})

  const before = await recordsOf(`functionId=${uuid}&version=${version}`)
  expect(before.invocations).toHaveLength(12)
  const after = await recordsOf(`functionId=${uuid}&version=${version + 1}`)
  expect(after.invocations).toMatchObject([{ version: version + 1 }])
  expect((await recordsOf(`functionId=${uuid}&version=99`)).invocations).toEqual([])
})

test('of a value that is too large the beginning is kept; characters that cannot be stored are replaced', async () => {
  const uuid = await lambdas.deployed('const lambda = () => "\\u0000 and \\ud800"')
  await lambdas.invoke(uuid, 'x'.repeat(70_000))
  const { invocations } = await recordsOf(`functionId=${uuid}`)
  expect(invocations).toMatchObject([
    { input: { truncated: true, bytes: expect.any(Number) }, result: '\uFFFD and \uFFFD' },
  ])
})

test('whatever a function answers, its record and those of others are kept', async () => {
  const uuid = await lambdas.deployed(`function lambda({ payload }, callback) {
    let deep = []
    for (let level = 0; level < 3000; level++) deep = [deep]
    if (payload === 'deep') return callback(null, deep)
    if (payload === 'deep error') return callback(deep)
    callback({ message: { why: 'a\\u0000b' }, errorCode: 'no\\u0000 such\\ud800' })
  }`)
  for (const payload of ['deep', 'deep error', 'unstorable']) await lambdas.invoke(uuid, payload)

  const { invocations } = await recordsOf(`functionId=${uuid}`)

  expect(invocations).toMatchObject([
    { outcome: 'SUCCEEDED', input: { payload: 'deep' } },
    { outcome: 'CODING_FAILURE', input: { payload: 'deep error' } },
    { errorCode: 'no\uFFFD such\uFFFD', errorMessage: '{"why":"a\uFFFDb"}' },
  ])
  expect(invocations[0]?.result).toMatchObject({ unreadable: true, bytes: 6002 })
})

test('runs are exported oldest first as CSV and as JSON lines, without what they got and returned', async () => {
  const uuid = await lambdas.deployed(
    'const lambda = ({ payload }) => { if (payload.fail) throw new Error("=no, really"); return payload }',
    { name: 'exported' },
  )
  await lambdas.invoke(uuid, { secret: 'private' })
  await lambdas.invoke(uuid, { fail: true })
  const exported = (query: string) =>
    lambdas.native('GET', `/invocations/export?functionId=${uuid}&${query}`)

  const lines = await exported('format=jsonl')
  expect(lines.headers['content-disposition']).toContain('runs.jsonl')
  const runs = lines.text.trimEnd().split('\n')
  expect(runs.map((line) => JSON.parse(line) as object)).toMatchObject([
    { functionName: 'exported', outcome: 'SUCCEEDED', attempt: 1 },
    { outcome: 'CODING_FAILURE', errorMessage: '=no, really' },
  ])
  const csv = await exported('outcome=CODING_FAILURE')
  expect(csv.text.trimEnd().split('\r\n')).toEqual([
    expect.stringContaining('recordId,invocationId,functionId,functionName'),
    // A spreadsheet takes it for no formula.
    expect.stringContaining(`"'=no, really"`),
  ])
  expect(`${lines.text}${csv.text}`).not.toContain('private')
  expect((await exported('format=xml')).status).toBe(400)
})

test('an account chooses which details are kept', async () => {
  const account = lambdasOf(server, await server.anotherAccount())
  const recordings = { policy: 'off' }
  await account.native('PATCH', '/settings', { recordings })
  const uuid = await account.deployed(
    `const lambda = () => new Promise((_, fail) => setTimeout(fail, 500, new Error('no')))`,
  )
  const call = account.invoke(uuid, 'private')
  await account.native('PATCH', '/settings', { limits: { logEntries: 9 } })
  expect((await call).status).toBe(901)

  const records = await account.native('GET', `/invocations?functionId=${uuid}`)
  expect(records.text).not.toContain('private')
  expect(records.json()).toMatchObject({ invocations: [{ outcome: 'CODING_FAILURE' }] })
})

test('a record that the database refuses does not block others', async () => {
  const { db } = server.context.store
  const uuid = await lambdas.deployed('const lambda = ({ payload }) => payload')
  const refused = await lambdas.deployed('const lambda = () => 1')
  await sql`alter table invocation add constraint refused check (function_id <> ${sql.lit(refused)})`.execute(
    db,
  )
  for (const call of [1, 2, 3]) {
    await lambdas.invoke(uuid, call)
    await lambdas.invoke(refused, call)
  }
  const { invocations } = await recordsOf(`functionId=${uuid}`)
  await sql`alter table invocation drop constraint refused`.execute(db)
  expect(invocations.map(({ result }) => result)).toEqual([1, 2, 3])
})

test('a draft is tested without being deployed', async () => {
  const { uuid } = await lambdas.create(
    'function lambda(input, callback) { console.debug("d"); callback(null, input.payload + 1) }',
  )
  const notDeployed = await lambdas.native('POST', `/functions/${uuid}/test`, { payload: 1 })
  expect(notDeployed.status).toBe(404)

  const draft = { target: 'draft', payload: 1 }
  const reply = await lambdas.native('POST', `/functions/${uuid}/test`, draft)
  expect(reply.json()).toMatchObject({
    outcome: 'SUCCEEDED',
    result: 2,
    logs: [{ level: 'Debug', message: 'd' }],
    warnings: [],
  })
  const { invocations } = await recordsOf(`functionId=${uuid}`)
  expect(invocations).toMatchObject([{ source: 'test', version: 1, coldStart: true }])
  expect(invocations[0]?.['deploymentId']).toBeUndefined()
})

test('over the log limits a test warns instead of failing', async () => {
  const { uuid } = await lambdas.create(
    'function lambda(i, callback) { for (let n = 0; n < 12; n++) console.info(n); callback(null, 1) }',
  )
  const reply = await lambdas.native('POST', `/functions/${uuid}/test`, {
    target: 'draft',
    payload: 1,
  })
  expect(reply.json()).toMatchObject({ outcome: 'SUCCEEDED', warnings: [expect.any(String)] })
})

test("an account does not find another account's records", async () => {
  const uuid = await lambdas.deployed('const lambda = () => 1')
  await lambdas.invoke(uuid, 1)
  const { invocations } = await recordsOf(`functionId=${uuid}`)
  const other = lambdasOf(server, await server.anotherAccount())
  const recordId = invocations[0]?.recordId
  expect((await other.native('GET', `/invocations/${recordId}`)).status).toBe(404)
  expect((await other.native('GET', `/invocations?functionId=${uuid}`)).json()).toEqual({
    invocations: [],
  })
})

test('a list that is read while functions run has each record once, and leaves none out', async () => {
  const uuid = await lambdas.deployed('const lambda = () => 1', { name: 'busy_list' })
  const { accountId } = lambdas.account
  const { db } = server.context.store
  const now = server.clock.now()
  /** A bundle of one record each, which ended so many milliseconds ago. */
  const bundles = (first: number, last: number) =>
    sql`insert into invocation_bundle (account_id, function_id, first_at, last_at, bundle_id, heads)
      select ${accountId}, ${uuid}::uuid, at, at, gen_random_uuid(), jsonb_build_array(jsonb_build_array(
        gen_random_uuid(), gen_random_uuid(), (extract(epoch from at) * 1000)::bigint, 1, 0, null, 1, 'api', null))::text
      from (select to_timestamp((${now}::bigint - n) / 1000.0) at
        from generate_series(${first}::int, ${last}::int) n) times`.execute(db)
  await bundles(10_001, 10_500)
  let newer = 10_000
  const stopped = new AbortController()
  const writing = (async () => {
    for (; !stopped.signal.aborted && newer > 0; newer -= 1) await bundles(newer, newer)
  })()

  try {
    for (let time = 0; time < 3; time += 1) {
      const { invocations } = await recordsOf(`functionId=${uuid}&limit=500`)
      const ids = invocations.map(({ recordId }) => recordId)
      expect(ids).toHaveLength(500)
      expect(new Set(ids).size).toBe(500)
    }
  } finally {
    stopped.abort()
    await writing
  }
})
