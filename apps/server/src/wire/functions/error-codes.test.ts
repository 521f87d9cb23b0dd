import { afterAll, beforeAll, expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '@parley/contract'
import { sql } from 'kysely'
import { type Lambdas, lambdasOf, type Reply, startTestServer, type TestServer } from '#testing'

let server: TestServer
let lambdas: Lambdas
beforeAll(async () => {
  server = await startTestServer()
  lambdas = lambdasOf(server)
})
afterAll(() => server[Symbol.asyncDispose]())

const UNKNOWN = '00000000-0000-4000-8000-000000000000'
const LOGS =
  'function lambda(i, callback) { for (let n = 0; n < 11; n++) console.info(n); callback() }'

interface Produced {
  status: number
  body: Record<string, unknown>
}

async function invoked(code: string, query: string): Promise<Produced> {
  const reply = await lambdas.invoke(await lambdas.deployed(code), 1, query)
  return { status: reply.status, body: reply.json() }
}

async function undeployed(query: string): Promise<Produced> {
  const { uuid } = await lambdas.create('function lambda() {}')
  const reply = await lambdas.invoke(uuid, 1, query)
  return { status: reply.status, body: reply.json() }
}

/** Functions that answer keep the usual limit: on a busy machine they may not run for long. */
async function late(query: string): Promise<Produced> {
  const limit = (executionTimeMs: number) =>
    lambdas.native('PATCH', '/settings', { limits: { executionTimeMs } })
  await limit(1_500)
  const produced = await invoked('function lambda() { for (;;); }', query)
  await limit(DEFAULT_LIMITS.executionTimeMs)
  return produced
}

async function called(method: string, path: string, body?: unknown): Promise<Produced> {
  const reply = await lambdas.call(method, path, body)
  return { status: reply.status, body: reply.json() }
}

/** Breaks the database for one request: the only failure that is not the caller's. */
async function withBrokenTable(work: () => Promise<Produced>): Promise<Produced> {
  const { db } = server.context.store
  await sql`alter table function rename to function_away`.execute(db)
  try {
    return await work()
  } finally {
    await sql`alter table function_away rename to function`.execute(db)
  }
}

async function withClosedSandbox(
  work: (lambdas: Lambdas, deployed: string) => Promise<Reply>,
): Promise<Produced> {
  await using other = await startTestServer()
  const others = lambdasOf(other)
  const uuid = await others.deployed('function lambda() {}')
  other.context.sandbox[Symbol.dispose]()
  const reply = await work(others, uuid)
  return { status: reply.status, body: reply.json() }
}

const es = 'com.liveperson.faas.es'
const handler = 'com.liveperson.faas.handler'

/** Every code of the first dialect, with the status that goes with it. */
const V1: Record<string, [status: number, produce: () => Promise<Produced>]> = {
  [`${es}.general`]: [
    500,
    () => withBrokenTable(() => called('POST', `/lambdas/${UNKNOWN}/invoke?v=1`, { payload: 1 })),
  ],
  [`${es}.unavailable`]: [
    502,
    () => withClosedSandbox((others, uuid) => others.invoke(uuid, 1, 'v=1')),
  ],
  [`${es}.badinput`]: [400, () => called('POST', '/lambdas?v=1', {})],
  [`${es}.notdeployed`]: [404, () => undeployed('v=1')],
  [`${es}.missinglambda`]: [
    404,
    () => called('POST', `/lambdas/${UNKNOWN}/invoke?v=1`, { payload: 1 }),
  ],
  [`${handler}.custom-failure`]: [
    901,
    () => invoked('function lambda(i, callback) { callback(new Error("boom")) }', 'v=1'),
  ],
  [`${handler}.runtime-exception`]: [901, () => invoked('function lambda() { null.x }', 'v=1')],
  [`${handler}.executiontime-exceeded`]: [901, () => late('v=1')],
  [`${handler}.log-limit-reached`]: [901, () => invoked(LOGS, 'v=1')],
  'com.liveperson.faas.fm.general': [
    500,
    () => withBrokenTable(() => called('GET', '/lambdas?v=1')),
  ],
  'com.liveperson.faas.fm.unavailable': [
    502,
    () =>
      withClosedSandbox(async (others) => {
        const { uuid } = await others.create('function lambda() {}')
        return others.deploy(uuid)
      }),
  ],
  'com.liveperson.faas.fm.contract-error': [
    400,
    () =>
      called('POST', '/lambdas?v=1', {
        name: 'f',
        description: 'd',
        implementation: { code: 'nothing' },
      }),
  ],
}

const V2: Record<string, [status: number, produce: () => Promise<Produced>]> = {
  'com.liveperson.faas.evg.general': [
    502,
    () => withClosedSandbox((others, uuid) => others.invoke(uuid, 1, '')),
  ],
  'com.liveperson.faas.evg.invalid': [
    400,
    async () => {
      const uuid = await lambdas.deployed('function lambda() {}')
      return called('POST', `/lambdas/${uuid}/invoke`, {})
    },
  ],
  'com.liveperson.faas.function.not-found': [404, () => undeployed('')],
  'com.customer.faas.function.threw-error': [
    901,
    () => invoked('function lambda() { throw new Error("boom") }', ''),
  ],
  'com.customer.faas.function.js-runtime-error': [
    901,
    () => invoked('function lambda() { null.x }', ''),
  ],
  'com.customer.faas.function.execution-exceeded': [901, () => late('')],
  'com.liveperson.faas.function.runtime.limit-reached': [901, () => invoked(LOGS, '')],
}

test.each(Object.entries(V1))('V1 %s', async (code, [status, produce]) => {
  const produced = await produce()
  expect(produced).toEqual({
    status,
    body: expect.objectContaining({ errorCode: code, errorMsg: expect.any(String) }),
  })
})

test.each(Object.entries(V2))('V2 %s', async (code, [status, produce]) => {
  const produced = await produce()
  expect(produced).toEqual({ status, body: { code, message: expect.any(String) } })
})

test('errors about missing things have the codes that published clients read', async () => {
  const { body } = await called('POST', `/lambdas/${UNKNOWN}/invoke?v=1`, { payload: 1 })
  expect(body['errorMsg']).toBe(`There is no ${UNKNOWN} deployed on ${lambdas.account.accountId}`)
})

test('the answer to a failure has the error of the function, and the code that it chose', async () => {
  const value = await invoked('const lambda = (i, callback) => callback("text")', 'v=1')
  expect(value.body).toMatchObject({ errorMsg: 'text' })
  const own = await invoked(
    `const lambda = (i, callback) => callback({ message: 'm', errorCode: 'my.code', errorMsg: 'mine' })`,
    'v=1',
  )
  expect(own).toMatchObject({ status: 901, body: { errorCode: 'my.code', errorMsg: 'mine' } })
})

test.each(['/lambdas?v=1', '/functions', '/logs/export?v=1'])(
  'without a token %s is 401 in its dialect',
  async (path) => {
    const reply = await server.request('GET', `/api/account/${server.accountId}${path}`)
    expect(reply.status).toBe(401)
    const body = reply.json<object>()
    const isV1 = path.includes('v=1')
    expect(Object.keys(body)).toEqual(isV1 ? ['errorCode', 'errorMsg'] : ['code', 'message'])
  },
)
