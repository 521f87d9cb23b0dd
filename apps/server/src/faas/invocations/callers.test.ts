import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type ConsumerSocket,
  type Lambdas,
  lambdasOf,
  openConsumerSocket,
  startTestServer,
  type TestServer,
} from '#testing'

/** Functions that a function of a conversation invokes: their runs belong to the conversation, too. */
let server: TestServer
let lambdas: Lambdas
beforeAll(async () => {
  server = await startTestServer()
  lambdas = lambdasOf(server)
})
afterAll(() => server[Symbol.asyncDispose]())

const PRELUDE = `const { Toolbelt } = require('lp-faas-toolbelt')
const invoke = async (uuid, payload) => (await Toolbelt.OrchestratorClient().invoke([{ uuid, payload }], 20000))[0]
`
const MESSAGE = { eventId: 'controllerbot_messaging_new_conversation' }

interface Run {
  functionId: string
  recordId: string
  conversationId?: string
  input: { payload?: unknown; headers?: unknown } | null
}

async function runsOf(query: string): Promise<Run[]> {
  const reply = await lambdas.native('GET', `/invocations?${query}`)
  return reply.json<{ invocations: Run[] }>().invocations
}

/** The functions that ran for the conversation. */
async function functionsOf(conversationId: string): Promise<Set<string>> {
  const runs = await runsOf(`conversationId=${conversationId}`)
  return new Set(runs.map(({ functionId }) => functionId))
}

/** Tables in which a text occurs. */
async function tablesWith(text: string): Promise<string[]> {
  const { db } = server.context.store
  const tables = await sql<{ name: string }>`
    select relname as name from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace`.execute(db)
  const found: string[] = []
  for (const { name } of tables.rows) {
    const { rows } = await sql`
      select from ${sql.id(name)} as t where t::text like ${`%${text}%`} limit 1`.execute(db)
    if (rows.length > 0) found.push(name.replace(/_p\d+$/, ''))
  }
  return found.toSorted()
}

async function erase({ consumerId }: ConsumerSocket): Promise<void> {
  await lambdas.native('POST', '/erasures', { consumerId })
  await server.clock.advance(0)
}

/** Deploys a function on the beginning of conversations, lets one begin, and waits until the function says so. */
async function conversationWith(statements: string) {
  const uuid = await lambdas.deployed(
    `${PRELUDE}const lambda = async (input) => {
      const { convId } = input.payload.general
      ${statements}
      return [{ type: 'systemMessage', text: 'told ' + convId }]
    }`,
    MESSAGE,
  )
  const consumer = await openConsumerSocket(server)
  try {
    const conversationId = await consumer.openConversation()
    await server.clock.advance(0)
    await consumer.message(conversationId, ({ text }) => text === `told ${conversationId}`)
    return { uuid, consumer, conversationId }
  } finally {
    await lambdas.call('DELETE', `/deployments/${uuid}?v=1`)
  }
}

/** Logs more than a record keeps beside itself of what it has asked. */
const LOGS = `console.info('heard', input.payload)
  for (let n = 0; n < 100; n += 1) await Toolbelt.SecretClient().readSecret('none').catch(() => undefined)`

test('what a function of a conversation invokes belongs to the conversation, and is erased with it', async () => {
  const last = await lambdas.deployed(`${PRELUDE}const lambda = async (input) => { ${LOGS} }`)
  const inner = await lambdas.deployed(`${PRELUDE}const lambda = async (input) => {
    ${LOGS}
    await invoke('${last}', input.payload)
    return Object.keys(input)
  }`)
  const told = `const { statusCode, body } = await invoke('${inner}', 'my secret of ' + convId)
    if (statusCode !== 200 || String(body) !== 'timestamp,headers,payload') throw new Error(statusCode + ' ' + body)`
  const { uuid, consumer, conversationId } = await conversationWith(told)
  await using _ = consumer

  expect(await functionsOf(conversationId)).toEqual(new Set([uuid, inner, last]))
  const [run] = await runsOf(`conversationId=${conversationId}&functionId=${inner}`)
  expect(run?.input).toMatchObject({ payload: `my secret of ${conversationId}`, headers: [] })
  const text = `my secret of ${conversationId}`
  await expect
    .poll(() => tablesWith(text))
    .toEqual(expect.arrayContaining(['invocation', 'log_entry']))
  const recorded = async () => {
    const { db } = server.context.store
    const rows = await db.selectFrom('recording').selectAll().execute()
    return rows.filter((row) => row.functionId === inner || row.functionId === last).length
  }
  await expect.poll(recorded).toBe(2)

  await erase(consumer)
  expect(await tablesWith(text)).toEqual([])
  // The row that erases once more.
  expect(await tablesWith(conversationId)).toEqual(['outbox'])
  expect(await recorded()).toBe(0)
})

test('a run of which nothing is recorded belongs to the conversation too', async () => {
  await lambdas.native('PATCH', '/settings', { recordings: { policy: 'off' } })
  const inner = await lambdas.deployed('const lambda = async () => 1')
  const told = `if ((await invoke('${inner}')).body !== 1) throw new Error('no')`
  const { uuid, consumer, conversationId } = await conversationWith(told)
  await using _ = consumer
  await lambdas.native('PATCH', '/settings', { recordings: { policy: 'events' } })
  expect(await functionsOf(conversationId)).toEqual(new Set([uuid, inner]))
  await erase(consumer)
  expect(await runsOf(`functionId=${inner}`)).toEqual([])
})

test('functions without a conversation invoke as before', async () => {
  const inner = await lambdas.deployed(`const lambda = async ({ payload }) => payload.length`)
  const outer = await lambdas.deployed(`${PRELUDE}const lambda = async ({ payload }) =>
    (await invoke('${inner}', 'x'.repeat(payload))).body`)
  for (const length of [1, 600_000]) {
    expect((await lambdas.invoke(outer, length)).json()).toBe(length)
  }
  const runs = await runsOf(`functionId=${inner}`)
  expect(runs.map(({ conversationId }) => conversationId)).toEqual([undefined, undefined])
})

test('a function cannot name another conversation than the one that it runs for', async () => {
  const inner = await lambdas.deployed('const lambda = async () => 1')
  const { accountId, appToken } = lambdas.account
  const url = `https://parley.internal/api/account/${accountId}/lambdas/${inner}/invoke?v=1`
  const told = `const headers = { authorization: 'Bearer ${appToken}', 'X-Parley-Caller': 'forged' }
    await Toolbelt.HTTPClient()('${url}', { method: 'POST', json: true, body: { payload: 1 }, headers })`
  const { uuid, consumer, conversationId } = await conversationWith(told)
  await using _ = consumer
  expect(await functionsOf(conversationId)).toEqual(new Set([uuid, inner]))
})
