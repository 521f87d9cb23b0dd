import type { ServerResponse } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type ConsumerSocket,
  type HttpSite,
  type Lambdas,
  lambdasOf,
  openConsumerSocket,
  startHttpSite,
  startTestServer,
  tablesWith,
  type TestServer,
} from '#testing'

/** Functions that a function of a conversation invokes: their runs belong to the conversation, too. */
let server: TestServer
let lambdas: Lambdas
/** One answer is longer than a record keeps beside itself of what was asked; the other one comes when a test says so. */
let far: HttpSite
const asked = Promise.withResolvers<ServerResponse>()
beforeAll(async () => {
  far = await startHttpSite(({ url }, response) => {
    if (url === '/long') response.end('x'.repeat(20_000))
    else asked.resolve(response)
  })
  server = await startTestServer({ env: { PARLEY_EGRESS_PRIVATE: far.host } })
  lambdas = lambdasOf(server)
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await far[Symbol.asyncDispose]()
})

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

function payloadOf(run: Run | undefined): unknown {
  return run?.input?.payload
}

/** The functions that ran for the conversation. */
async function functionsOf(conversationId: string): Promise<Set<string>> {
  const runs = await runsOf(`conversationId=${conversationId}`)
  return new Set(runs.map(({ functionId }) => functionId))
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

test('what a function of a conversation invokes belongs to the conversation, and is erased with it', async () => {
  const logs = `console.info('heard', input.payload)
    await (await fetch('${far.origin}/long')).text()`
  const last = await lambdas.deployed(`const lambda = async (input) => { ${logs} }`)
  const inner = await lambdas.deployed(`${PRELUDE}const lambda = async (input) => {
    ${logs}
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
    .poll(() => tablesWith(server, text))
    .toEqual(expect.arrayContaining(['invocation', 'log_entry']))
  const recorded = async () => {
    const { db } = server.context.store
    const rows = await db.selectFrom('recording').selectAll().execute()
    return rows.filter((row) => row.functionId === inner || row.functionId === last).length
  }
  await expect.poll(recorded).toBe(2)

  await erase(consumer)
  expect(await tablesWith(server, text)).toEqual([])
  // The row that erases once more.
  expect(await tablesWith(server, conversationId)).toEqual(['outbox'])
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

test('a long payload goes another way, and belongs to the conversation too', async () => {
  const inner = await lambdas.deployed(`const lambda = async ({ payload }) => payload.length`)
  const told = `const { body } = await invoke('${inner}', 'x'.repeat(600_000))
    if (body !== 600_000) throw new Error(body)`
  const { uuid, consumer, conversationId } = await conversationWith(told)
  await using _ = consumer
  expect(await functionsOf(conversationId)).toEqual(new Set([uuid, inner]))

  const [run] = await runsOf(`functionId=${uuid}`)
  const path = `/invocations/${run?.recordId}/replay`
  const replay = await lambdas.native('POST', path, { against: 'recorded' })
  expect(replay.json()).toMatchObject({ outcome: 'SUCCEEDED', isSame: true })
  expect(await runsOf(`functionId=${inner}`)).toHaveLength(1)
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

/** What the toolbelt is about to send with a long payload. */
const STOLEN = `await new Promise((resolve) => {
  const https = require('https')
  const { request } = https
  https.request = (options) => {
    https.request = request
    resolve(options.headers['x-parley-caller'])
    throw new Error('not sent')
  }
  void Toolbelt.OrchestratorClient().invoke([{ uuid: 'any', payload: 'x'.repeat(600000), retries: 0 }], 20000)
})`

test('who copies the header attaches no run to the conversation: not from outside, not from another account', async () => {
  const teller = await lambdas.deployed(`const lambda = async ({ payload }) => payload.convId`)
  const told = `await invoke('${teller}', { copy: ${STOLEN}, convId })`
  const { uuid, consumer, conversationId } = await conversationWith(told)
  await using _ = consumer
  const [run] = await runsOf(`functionId=${teller}`)
  const { copy } = payloadOf(run) as { copy: string }
  expect(copy).toMatch(/^[\w+/=.-]{40,}$/)

  const idle = 'const lambda = async () => 1'
  const inner = await lambdas.deployed(idle)
  const headers = { 'x-parley-caller': copy }
  const path = `/lambdas/${inner}/invoke?v=1`
  const outside = await lambdas.call('POST', path, { payload: 1 }, { headers })
  expect(outside.status).toBe(200)

  const other = lambdasOf(server, await server.anotherAccount())
  const innerOfOther = await other.deployed(idle)
  const sender = await other.deployed(`const { Toolbelt } = require('lp-faas-toolbelt')
    const lambda = async ({ payload: { url, ...options } }) => [
      await Toolbelt.HTTPClient()(url, { ...options, body: { payload: 1 } }),
      await Toolbelt.HTTPClient()(url, { ...options, body: { payload: 'x'.repeat(600000) } }),
    ]`)
  const { accountId, appToken } = other.account
  const url = `https://parley.internal/api/account/${accountId}/lambdas/${innerOfOther}/invoke?v=1`
  const authorization = `Bearer ${appToken}`
  const sent = { url, method: 'POST', json: true, headers: { ...headers, authorization } }
  expect((await other.invoke(sender, sent)).json()).toEqual([1, 1])

  const theirs = await other.native('GET', `/invocations?functionId=${innerOfOther}`)
  const runs = [
    ...(await runsOf(`functionId=${inner}`)),
    ...theirs.json<{ invocations: Run[] }>().invocations,
  ]
  expect(runs.map((one) => one.conversationId)).toEqual([undefined, undefined, undefined])
  expect(await functionsOf(conversationId)).toEqual(new Set([uuid, teller]))
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

// From here on hours pass: tokens of the account end.

test('what is invoked while the conversation is erased is gone after a minute', async () => {
  const inner = await lambdas.deployed(
    `const lambda = async ({ payload }) => console.info('late', payload)`,
  )
  const outer = await lambdas.deployed(
    `${PRELUDE}const lambda = async (input) => {
      await invoke('${inner}', 'begun')
      await fetch('${far.origin}')
      await invoke('${inner}', 'of ' + input.payload.general.convId)
      return []
    }`,
    MESSAGE,
  )
  await using consumer = await openConsumerSocket(server)
  const conversationId = await consumer.openConversation()
  const answer = await asked.promise
  const begun = () => runsOf(`functionId=${inner}`)
  await expect.poll(begun).toHaveLength(1)
  const erasing = erase(consumer)
  await expect.poll(begun).toEqual([])
  answer.end()
  await erasing
  const text = `of ${conversationId}`
  await expect.poll(() => tablesWith(server, text)).toEqual(['invocation', 'log_entry'])
  await lambdas.call('DELETE', `/deployments/${outer}?v=1`)

  await server.clock.advance(60_000)
  expect(await tablesWith(server, text)).toEqual([])
  await server.clock.advance(70 * 60_000)
  expect(await tablesWith(server, conversationId)).toEqual([])
})

test('what a chain of invocations leaves more than a minute after the erasure is gone later', async () => {
  const last = await lambdas.deployed(`const lambda = async ({ payload }) => payload`)
  // Runs on after the function of the conversation no longer waits for it.
  const middle = await lambdas.deployed(`${PRELUDE}const lambda = async ({ payload }) => {
    await new Promise((resolve) => setTimeout(resolve, 18000))
    await invoke('${last}', 'of ' + payload)
  }`)
  const { consumer, conversationId } = await conversationWith(
    `const told = [{ uuid: '${middle}', payload: convId, retries: 0 }]
    await Toolbelt.OrchestratorClient().invoke(told, 300)`,
  )
  await using _ = consumer
  await erase(consumer)
  await server.clock.advance(60_000)
  const text = `of ${conversationId}`
  await expect.poll(() => tablesWith(server, text)).toEqual(['invocation'])

  await server.clock.advance(70 * 60_000)
  expect(await tablesWith(server, conversationId)).toEqual([])
})
