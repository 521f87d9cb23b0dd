import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type HttpSite,
  type Lambdas,
  lambdasOf,
  startHttpSite,
  startTestServer,
  type TestServer,
} from '../../apps/server/testing/index.ts'
import { deployTemplate } from './template.fixture.ts'

/** Templates that are invoked by others, each by what it does. */
let server: TestServer
let account: Lambdas
const asked: string[] = []

let far: HttpSite

beforeAll(async () => {
  far = await startHttpSite((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`.trim())
    response.setHeader('content-type', 'application/json')
    if (!request.url?.includes('/query')) return void response.end('12345')
    const records = [{ Name: 'Cars Ltd', Website: 'https://cars.example', Phone: '1' }]
    response.end(JSON.stringify({ totalSize: 1, done: true, records }))
  })
  server = await startTestServer({ env: { PARLEY_EGRESS_PRIVATE: far.host } })
  account = lambdasOf(server)
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await far[Symbol.asyncDispose]()
})

test('Greeting says hello', async () => {
  const { functionId } = await deployTemplate(account, undefined, 'Greeting Template')
  expect((await account.invoke(functionId, {})).text).toBe('"Hello World"')
})

test('HTTP asks the URL of its environment, and says when the domain is not allowed', async () => {
  const target = { TARGET_URL: `${far.origin}/status` }
  const { functionId } = await deployTemplate(account, undefined, 'HTTP Template', target)
  const reply = await account.invoke(functionId, {})
  expect(reply.json()).toEqual({ statusCode: 200, length: 5 })
  expect(asked).toContain('GET /status')

  const elsewhere = { TARGET_URL: 'https://not-listed.example/' }
  const refused = await deployTemplate(account, undefined, 'HTTP Template', elsewhere)
  const failed = await account.invoke(refused.functionId, {})
  expect(failed.status).toBe(901)
  expect(failed.text).toMatch(/not on the list of allowed domains|not allowed/)
})

test('Logging leaves an entry of every level that is kept', async () => {
  const { functionId, logs } = await deployTemplate(account, undefined, 'Logging Template')
  expect((await account.invoke(functionId, { a: 1 })).text).toBe('"Function has finished"')
  await expect.poll(logs).toMatchObject([
    { level: 'Info', message: 'Started', extras: [expect.any(String), 42] },
    { level: 'Warn', message: 'About to call something that is missing' },
    { level: 'Error', message: 'Caught', extras: [{ name: 'ReferenceError' }] },
  ])
})

test('Secret Storage changes a secret, and another function reads the change', async () => {
  await account.native('POST', '/secrets', { name: 'my-secret', value: 'old value' })
  const { functionId } = await deployTemplate(account, undefined, 'Secret Storage Template')
  const reader = await account.deployed(`const { Toolbelt } = require('lp-faas-toolbelt')
const lambda = async () => (await Toolbelt.SecretClient().readSecret('my-secret')).value`)
  expect((await account.invoke(reader, {})).json()).toBe('old value')

  const updated = await account.invoke(functionId, { newValue: 'new value' })

  expect(updated.json()).toEqual({ message: 'Secret updated' })
  expect((await account.invoke(reader, {})).json()).toBe('new value')
})

test('Salesforce asks for accounts with the token of a secret', async () => {
  await account.native('POST', '/secrets', { name: 'salesforce-token', value: 'token-of-ours' })
  const target = { SF_URL: far.origin }
  const { functionId } = await deployTemplate(account, undefined, 'Salesforce Template', target)
  const reply = await account.invoke(functionId, { filterName: "o'cars%" })
  expect(reply.json()).toMatchObject({ totalSize: 1, firstRecord: { Name: 'Cars Ltd' } })
  const query = asked.find((request) => request.includes('/query'))
  expect(decodeURIComponent(query ?? '').replaceAll('+', ' ')).toMatch(
    /Name LIKE '%ocars%' Bearer token-of-ours$/,
  )
})

test.each([
  [undefined, /^The environment variable SF_URL must be an address such as https:/],
  ['example.my.salesforce.com', /^The environment variable SF_URL must be an address/],
  ['https://not-listed.example', /not-listed\.example is not on the list of allowed domains/],
])('Salesforce says what keeps it from asking %s', async (address, message) => {
  // It is there already where the test before has run.
  await account.native('POST', '/secrets', { name: 'salesforce-token', value: 'token-of-ours' })
  const target = address === undefined ? {} : { SF_URL: address }
  const { functionId } = await deployTemplate(account, undefined, 'Salesforce Template', target)
  const failed = await account.invoke(functionId, {})
  expect(failed.status).toBe(901)
  expect(failed.json()).toMatchObject({ errorMsg: expect.stringMatching(message) })
})

test('Conversational Command answers the agent what was typed, or the conversation', async () => {
  const name = 'Conversational Command'
  const { functionId } = await deployTemplate(account, 'conversational_command', name)
  const typed = async (...words: string[]) =>
    account.invoke(functionId, { conversationId: '4711', arguments: words })
  expect((await typed('echo', 'this', 'message')).json()).toBe('this message')
  expect((await typed('id')).json()).toBe('4711')
  const failed = await typed('dance')
  expect(failed.status).toBe(901)
  expect(failed.text).toContain('Use: echo <text> | id')
})
