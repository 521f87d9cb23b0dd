import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BlockedCall } from '@parley/contract'
import { type Lambdas, lambdasOf, startTestServer, type TestServer } from '#testing'
import { remedyOf } from './blocked-call-remedy.ts'

const DAY_MS = 86_400_000

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const newAccount = async () => lambdasOf(server, await server.anotherAccount())

const CALLS = `const lambda = async ({ payload }) => {
  for (const url of payload) {
    await fetch(url).catch(() => undefined)
  }
}`

async function feedOf(account: Lambdas, query = ''): Promise<BlockedCall[]> {
  const reply = await account.native('GET', `/blocked-calls${query}`)
  return reply.json<{ blockedCalls: BlockedCall[] }>().blockedCalls
}

test('a refused call is in the feed with its line and the entry that allows it', async () => {
  const account = await newAccount()
  const functionId = await account.deployed(CALLS)
  const firstAt = new Date(server.clock.now()).toISOString()
  await account.invoke(functionId, ['https://api.example.com/a', 'https://API.example.com/b'])
  const first = {
    functionId,
    host: 'api.example.com',
    port: 443,
    count: 2,
    firstAt,
    lastAt: firstAt,
    reason: 'api.example.com is not on the list of allowed domains',
    calledFrom: 'index.js:3',
    allowedDomain: 'api.example.com',
  }
  expect(await feedOf(account, `?functionId=${functionId}`)).toEqual([first])

  await server.clock.advance(60_000)
  await account.invoke(functionId, ['https://api.example.com/c'])
  const lastAt = new Date(server.clock.now()).toISOString()
  expect(await feedOf(account)).toEqual([{ ...first, count: 3, lastAt }])

  await account.native('POST', '/allowed-domains', { domain: '*.example.com' })
  expect((await feedOf(account))[0]).not.toHaveProperty('allowedDomain')
})

test('the feed shows one account, or one function of it', async () => {
  const [one, other] = [await newAccount(), await newAccount()]
  const functionId = await one.deployed(CALLS)
  await one.invoke(functionId, ['http://a.example/'])
  expect(await feedOf(one)).toMatchObject([{ host: 'a.example', port: 80 }])
  expect(await feedOf(one, '?functionId=a0a0a0a0-0000-4000-8000-000000000000')).toEqual([])
  expect(await feedOf(one, '?functionId=none')).toEqual([])
  expect(await feedOf(other, `?functionId=${functionId}`)).toEqual([])
})

const TYPED = `interface Input { payload: string }

async function lambda({ payload }: Input): Promise<void> {
  await fetch(payload).catch(() => undefined)
}`

test('a refused call of a TypeScript function has its line in the source', async () => {
  const account = await newAccount()
  const functionId = await account.deployed(TYPED)
  await account.invoke(functionId, 'http://typed.example/')
  expect(await feedOf(account)).toMatchObject([{ calledFrom: 'index.ts:4' }])
})

test('a refused call of a TypeScript draft has its line in the draft', async () => {
  const account = await newAccount()
  const { uuid } = await account.create(TYPED)
  const draft = { target: 'draft', payload: 'http://typed.example/' }
  await account.native('POST', `/functions/${uuid}/test`, draft)
  expect(await feedOf(account)).toMatchObject([{ calledFrom: 'index.ts:4' }])
})

test('a secret that a function puts into a host is masked', async () => {
  const account = await newAccount()
  await account.native('POST', '/secrets', { name: 'key', value: 'Zxcvbnm12345' })
  const functionId = await account.deployed(`const { Toolbelt } = require('lp-faas-toolbelt')
const lambda = async () => {
  const { value } = await Toolbelt.SecretClient().readSecret('key')
  await fetch('http://' + value + '.example/').catch(() => undefined)
}`)
  await account.invoke(functionId, {})
  const [call] = await feedOf(account)
  expect(call?.host).toBe('[secret].example')
  expect(JSON.stringify(call)).not.toMatch(/zxcvbnm12345/i)
})

test('a function that invents hosts keeps only the newest two hundred', async () => {
  const account = await newAccount()
  const functionId = await account.deployed(`const lambda = ({ payload }) => Promise.all(
  Array.from({ length: 60 }, (_, i) => fetch('http://' + payload + i + '.example/').catch(() => undefined)))
  .then(() => 'done')`)
  for (const name of ['a', 'b', 'c', 'd']) {
    expect((await account.invoke(functionId, name)).text).toBe('"done"')
    await feedOf(account)
    await server.clock.advance(1_000)
  }
  const feed = await feedOf(account, '?limit=500')
  expect(feed).toHaveLength(200)
  expect(feed.filter(({ host }) => host.startsWith('a'))).toHaveLength(20)
})

test('entries are deleted with their function, and after as many days as logs', async () => {
  const account = await newAccount()
  const [deleted, kept] = [await account.deployed(CALLS), await account.deployed(CALLS)]
  await account.invoke(deleted, ['http://a.example/'])
  await account.invoke(kept, ['http://b.example/'])
  const rows = () =>
    server.context.store.db
      .selectFrom('blockedCall')
      .select('host')
      .where('accountId', '=', account.account.accountId)
      .execute()
  expect(await feedOf(account)).toHaveLength(2)

  await account.call('DELETE', `/deployments/${deleted}?v=1`)
  expect((await account.native('DELETE', `/functions/${deleted}`)).status).toBe(204)
  expect(await rows()).toEqual([{ host: 'b.example' }])

  const days = { retention: { logDays: 2 } }
  expect((await account.native('PATCH', '/settings', days)).status).toBe(200)
  await server.clock.advance(4 * DAY_MS)
  await expect.poll(rows).toEqual([])
})

test.each([
  ['api.example.com', false, 'not on the list', { allowedDomain: 'api.example.com' }],
  ['a_b.example.com', false, 'not on the list', { allowedDomain: '*.example.com' }],
  ['api.example.com', true, 'Too Many Requests', {}],
  ['in.example.com', true, 'is a private or local target', { privateTarget: 'in.example.com:80' }],
  ['localhost', false, 'not on the list', { privateTarget: 'localhost:80' }],
  ['10.0.0.1', false, 'not on the list', { privateTarget: '10.0.0.1:80' }],
  ['[secret].example', false, 'not on the list', {}],
])('%s (listed: %s), refused because "%s", needs %j', (host, isListed, reason, expected) => {
  expect(remedyOf({ host, port: 80, reason }, isListed)).toEqual(expected)
})
