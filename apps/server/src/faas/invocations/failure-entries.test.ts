import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lambdas, lambdasOf, startTestServer, type TestServer } from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const newAccount = async () => lambdasOf(server, await server.anotherAccount())

interface Entry {
  level: string
  message: string
  extras: unknown[]
  invocationId: string
}

async function entriesOf(account: Lambdas, functionId: string): Promise<Entry[]> {
  const reply = await account.native('GET', `/logs?functionId=${functionId}`)
  return reply.json<{ entries: Entry[] }>().entries.toReversed()
}

const HANDLER = 'com.liveperson.faas.handler'
const TYPED = `interface Input {
  payload: { name?: string }
}

const lambda = async ({ payload }: Input): Promise<number> =>
  payload.name!.length
`

test.each([
  [
    'a coding error',
    `function lambda(input, callback) {\n  input.payload.user.name\n}`,
    `TypeError: Cannot read properties of undefined (reading 'name')`,
    { file: 'index.js', line: 2, column: 22, errorCode: `${HANDLER}.runtime-exception` },
  ],
  [
    'a coding error behind a hashbang',
    `#!/usr/bin/env node\nfunction lambda(input, callback) {\n  input.payload.user.name\n}`,
    `TypeError: Cannot read properties of undefined (reading 'name')`,
    { file: 'index.js', line: 3, column: 22, errorCode: `${HANDLER}.runtime-exception` },
  ],
  [
    'an error in TypeScript behind a hashbang',
    `#!/usr/bin/env node\n${TYPED}`,
    `TypeError: Cannot read properties of undefined (reading 'length')`,
    { file: 'index.ts', line: 7, column: 17, errorCode: `${HANDLER}.runtime-exception` },
  ],
  [
    'an error that is called back',
    `function lambda(input, callback) {\n  callback(new Error('boom'))\n}`,
    'Received Error - boom',
    { file: 'index.js', line: 2, column: 12, errorCode: `${HANDLER}.custom-failure` },
  ],
  [
    'an error in TypeScript',
    TYPED,
    `TypeError: Cannot read properties of undefined (reading 'length')`,
    { file: 'index.ts', line: 6, column: 17, errorCode: `${HANDLER}.runtime-exception` },
  ],
  [
    'a rejection that nothing handles',
    `function lambda(input, callback) {\n  Promise.reject(new RangeError('lost'))\n}`,
    'RangeError: lost',
    { file: 'index.js', line: 2, column: 18, errorCode: `${HANDLER}.runtime-exception` },
  ],
  [
    'a value that is no error',
    `function lambda(input, callback) {\n  callback({ message: 'mine', errorCode: 'my.code' })\n}`,
    'mine',
    { file: 'index.js', line: 2, column: 3, errorCode: 'my.code' },
  ],
  [
    'a result that is no JSON',
    `function lambda(input, callback) {\n  callback(null, 1n)\n}`,
    'Do not know how to serialize a BigInt',
    { file: 'index.js', line: 2, column: 3, errorCode: `${HANDLER}.runtime-exception` },
  ],
  [
    'too much of a log',
    `function lambda(input, callback) {\n  for (let n = 0; n < 11; n++) console.info('n')\n  callback()\n}`,
    'More than 10 log entries or 6000 characters in one invocation',
    { file: 'index.js', line: 2, column: 40, errorCode: `${HANDLER}.log-limit-reached` },
  ],
])('%s leads to its line', async (_what, code, message, place) => {
  const account = await newAccount()
  const functionId = await account.deployed(code)
  const headers = { 'x-request-id': 'request-1' }
  await account.call(
    'POST',
    `/lambdas/${functionId}/invoke?v=1`,
    { payload: {} },
    { bearer: account.account.appToken, headers },
  )

  const entries = await entriesOf(account, functionId)
  expect(entries).toEqual([
    expect.objectContaining({
      level: 'Error',
      message,
      invocationId: 'request-1',
      extras: [{ ...place, attempt: 1, invocationId: 'request-1' }],
    }),
  ])
})

test.each([
  ['an error', 'function lambda(input, callback) { callback(new Error("boom")) }'],
  ['a value that is no error', 'function lambda(input, callback) { callback("boom") }'],
])(
  'entries that a test is answered with are dated in whole milliseconds: %s',
  async (_what, code) => {
    const account = await newAccount()
    const functionId = await account.deployed(code)
    const answer = await account.call('POST', `/lambdas/${functionId}/invoke?userId=1&v=1`, {
      payload: {},
    })
    const { errorLogs } = answer.json<{ errorLogs: { level: string; timestamp: number }[] }>()
    expect(errorLogs.at(-1)?.level).toBe('Error')
    for (const { timestamp } of errorLogs) expect(timestamp).toBe(Math.trunc(timestamp))
  },
)

test('a time-out is in the log, after what the function said', async () => {
  const account = await newAccount()
  // Long enough for the entries to come on any machine.
  await account.native('PATCH', '/settings', { limits: { executionTimeMs: 3_000 } })
  const functionId = await account.deployed(
    `function lambda() { console.info('Begun'); for (;;); }`,
  )
  await account.invoke(functionId, {})
  expect(await entriesOf(account, functionId)).toMatchObject([
    { message: 'Begun' },
    {
      level: 'Error',
      message: 'Lambda Execution is taking too long',
      extras: [{ attempt: 1, errorCode: `${HANDLER}.executiontime-exceeded` }],
    },
  ])
})

test('a call to a domain that is not allowed says so with the domain, the line and the remedy', async () => {
  const account = await newAccount()
  const functionId = await account.deployed(`async function lambda() {
  for (const path of ['/a', '/b']) {
    await fetch('https://api.example.com' + path).catch(() => undefined)
  }
}`)
  await account.invoke(functionId, {})
  const { accountId } = account.account
  const refusal = {
    level: 'Warn',
    message:
      'GET api.example.com at index.js:3:11 was not let out: api.example.com is not on the list of allowed domains. ' +
      `An administrator allows it by "parley allow api.example.com", or by POST /api/v1/accounts/${accountId}/allowed-domains`,
    extras: [{ host: 'api.example.com', file: 'index.js', line: 3, column: 11 }],
  }
  expect(await entriesOf(account, functionId)).toMatchObject([refusal])

  await account.native('POST', '/allowed-domains', { domain: 'other.example.com' })
  const native = await account.native('POST', `/functions/${functionId}/test`, { payload: {} })
  expect(native.json()).toMatchObject({ outcome: 'SUCCEEDED', logs: [refusal] })

  const published = `/lambdas/${functionId}/invoke?userId=1&v=1`
  const lpf = await account.call('POST', published, { payload: {} })
  expect(lpf.json()).toMatchObject({ logs: [refusal] })
})

test('the answer of the published door to a test that crashed has the log of a run: where it failed, and why', async () => {
  const account = await newAccount()
  const functionId = await account.deployed(`async function lambda({ payload }) {
  return payload.missing.name
}`)
  const published = `/lambdas/${functionId}/invoke?userId=1&v=1`

  const { errorLogs } = (await account.call('POST', published, { payload: {} })).json<{
    errorLogs: unknown[]
  }>()

  expect(errorLogs).toMatchObject([
    {
      level: 'Error',
      message: "TypeError: Cannot read properties of undefined (reading 'name')",
      extras: [{ file: 'index.js', line: 2, errorCode: `${HANDLER}.runtime-exception` }],
    },
  ])
})

test('the stack of a logged error shows lines of the source', async () => {
  const account = await newAccount()
  const functionId = await account.deployed(`interface Input { payload: unknown }

const lambda = async (_input: Input): Promise<void> => {
  console.error('Caught', new Error('mine'))
}`)
  await account.invoke(functionId, {})
  expect(await entriesOf(account, functionId)).toMatchObject([
    {
      extras: [{ message: 'mine', stack: expect.stringMatching(/^Error: mine\n.*index\.ts:4:27/) }],
    },
  ])
})

test('a test run keeps its log when it is told to', async () => {
  const account = await newAccount()
  const functionId = await account.deployed(`const lambda = () => {
  console.debug('never stored')
  console.info('said')
  throw new Error('boom')
}`)
  const run = async (body: object) =>
    (await account.native('POST', `/functions/${functionId}/test`, { payload: {}, ...body })).json<{
      invocationId: string
      logs: Entry[]
    }>()

  await run({})
  expect(await entriesOf(account, functionId)).toEqual([])

  const { invocationId, logs } = await run({ keepLogs: true })
  const stored = await entriesOf(account, functionId)
  expect(stored).toMatchObject([
    { message: 'said', invocationId },
    { message: 'Received Error - boom', extras: [{ file: 'index.js', line: 4, column: 9 }] },
  ])
  expect(logs.map(({ message }) => message)).toEqual([
    'never stored',
    ...stored.map(({ message }) => message),
  ])
})
