import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type HttpSite,
  type Lambdas,
  lambdasOf,
  startHttpSite,
  startTestServer,
  type TestServer,
} from '#testing'

let server: TestServer
let account: Lambdas
let far: HttpSite

beforeAll(async () => {
  far = await startHttpSite((request, response) => {
    if (request.url === '/gone') response.writeHead(410)
    if (request.url !== '/never') response.end('{}')
  })
  server = await startTestServer({ env: { PARLEY_EGRESS_PRIVATE: far.host } })
  account = lambdasOf(server)
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await far[Symbol.asyncDispose]()
})

/** Calls a function that sends requests, and reads what its record says of them. */
async function outgoingOf(statements: string): Promise<unknown> {
  const functionId = await account.deployed(`const { Toolbelt } = require('lp-faas-toolbelt')
const quiet = () => undefined
const lambda = async ({ payload }) => {
  const url = (path) => 'http://' + payload + path
  ${statements}
}`)
  await account.invoke(functionId, far.host)
  const reply = await account.native('GET', `/invocations?functionId=${functionId}`)
  return reply.json<{ invocations: { outgoing: unknown }[] }>().invocations[0]?.outgoing
}

const ms = expect.any(Number)

test.each([
  ['fetch', `await fetch(url('/gone'), { method: 'PUT' })`, 'PUT'],
  ['axios', `await require('axios').delete(url('/gone')).catch(quiet)`, 'DELETE'],
  ['HTTPClient', `await Toolbelt.HTTPClient()(url('/gone'), { simple: false })`, 'GET'],
  [
    'node:http',
    `await new Promise((resolve) => require('http').get(url('/gone'), (r) => r.resume().on('end', resolve)))`,
    'GET',
  ],
])('a call by %s is in the record with its answer', async (_, statements, method) => {
  expect(await outgoingOf(statements)).toEqual([
    {
      host: far.host,
      method,
      calledFrom: expect.stringMatching(/^index\.js:5:\d+$/),
      status: 410,
      ms,
    },
  ])
})

test('a refused call differs from one that waits for its answer', async () => {
  const statements = `fetch(url('/never')).catch(quiet)
  await fetch('http://not-listed.example/').catch(quiet)
  await Toolbelt.HTTPClient()('http://not-listed.example/').catch(quiet)`
  const refused = 'not-listed.example is not on the list of allowed domains'
  const call = { host: 'not-listed.example', method: 'GET', refused, ms }
  expect(await outgoingOf(statements)).toEqual([
    { host: far.host, method: 'GET', calledFrom: 'index.js:5:3' },
    { ...call, calledFrom: 'index.js:6:9' },
    { ...call, calledFrom: 'index.js:7:30' },
  ])
})

test('a run of the draft answers with what it called', async () => {
  const { uuid } = await account.create(
    `async function lambda(input) { await fetch('http://not-listed.example/').catch(() => undefined) }`,
  )
  const reply = await account.native('POST', `/functions/${uuid}/test`, {
    target: 'draft',
    payload: {},
  })
  expect(reply.json<{ outgoing: unknown }>().outgoing).toMatchObject([
    { host: 'not-listed.example', calledFrom: expect.stringMatching(/^index\.js:1:/) },
  ])
})

test('at most twenty calls are recorded; without any the list is null', async () => {
  const many = `for (let i = 0; i < 25; i++) await fetch('http://h' + i + '.example/').catch(quiet)`
  expect(await outgoingOf(many)).toHaveLength(20)
  expect(await outgoingOf('return 1')).toBeNull()
})
