import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Lambdas,
  lambdasOf,
  openEventSource,
  startTestServer,
  type TestServer,
} from '#testing'

let server: TestServer
let lambdas: Lambdas
beforeAll(async () => {
  server = await startTestServer({ nodes: 2 })
  lambdas = lambdasOf(server)
})
afterAll(() => server[Symbol.asyncDispose]())

const LOGGER = `function lambda(input, callback) {
  console.debug('never stored')
  console.info('Start; of "it"', { userID: '1' })
  console.warn('100% wrong')
  console.log('same as info')
  if (input.payload.loop) for (;;);
  callback(null, 'done')
}`

interface Entry {
  level: string
  message: string
  extras: unknown[]
  invocationId: string
}

async function entries(query: string): Promise<Entry[]> {
  return (await lambdas.native('GET', `/logs?${query}`)).json<{ entries: Entry[] }>().entries
}

test('entries are found by function, level, text, request and time; Debug is never stored', async () => {
  const uuid = await lambdas.deployed(LOGGER)
  await lambdas.call(
    'POST',
    `/lambdas/${uuid}/invoke?v=1`,
    { payload: {} },
    {
      bearer: server.appToken,
      headers: { 'x-request-id': 'req-1' },
    },
  )

  const all = await entries(`functionId=${uuid}`)
  expect(all.map(({ level, message }) => [level, message])).toEqual(
    expect.arrayContaining([
      ['Info', 'same as info'],
      ['Warn', '100% wrong'],
      ['Info', 'Start; of "it"'],
    ]),
  )
  expect(all).toHaveLength(3)
  expect(await entries(`functionId=${uuid}&level=Warn&level=Error`)).toHaveLength(1)
  expect(await entries(`functionId=${uuid}&text=100%25`)).toHaveLength(1)
  expect(await entries(`functionId=${uuid}&text=1_0`)).toHaveLength(0)
  expect(await entries('invocationId=req-1')).toHaveLength(3)
  const yesterday = new Date(server.clock.now() - 86_400_000).toISOString()
  expect(await entries(`functionId=${uuid}&to=${yesterday}`)).toHaveLength(0)
})

test('what was logged before a time-out is kept', async () => {
  const account = lambdasOf(server, await server.anotherAccount())
  // Long enough for the entries to come on any machine.
  await account.native('PATCH', '/settings', { limits: { executionTimeMs: 3_000 } })
  const uuid = await account.deployed(LOGGER)
  await account.invoke(uuid, { loop: true })
  const reply = await account.native('GET', '/logs?level=Info&level=Warn')
  expect(reply.json<{ entries: Entry[] }>().entries).toHaveLength(3)
})

test('over the limit, one error entry is stored', async () => {
  const uuid = await lambdas.deployed(
    'function lambda(i, callback) { for (let n = 0; n < 11; n++) console.info("n" + n); callback() }',
  )
  await lambdas.invoke(uuid, {})
  expect(await entries(`functionId=${uuid}`)).toMatchObject([{ level: 'Error' }])
  const talker = await lambdas.deployed('const lambda = () => console.info("x".repeat(7000))')
  await lambdas.invoke(talker, {})
  expect(await entries(`functionId=${talker}`)).toMatchObject([{ level: 'Error' }])
})

test('a test stores nothing', async () => {
  const uuid = await lambdas.deployed(LOGGER)
  await lambdas.native('POST', `/functions/${uuid}/test`, { payload: {} })
  expect(await entries(`functionId=${uuid}`)).toEqual([])
})

test('an entry does not become a formula in a spreadsheet, and JSON lines have it unchanged', async () => {
  const formula = '=HYPERLINK("http://evil.example")'
  const uuid = await lambdas.deployed(`const lambda = ({ payload }) => console.info(payload.text)`)
  await lambdas.invoke(uuid, { text: formula })

  const cell = `;"${formula.replaceAll('"', '""')}";`
  const csv = await lambdas.native('GET', `/logs/export?format=csv&functionId=${uuid}`)
  expect(csv.text).toContain(cell.replace('=', "'="))
  const lines = await lambdas.native('GET', `/logs/export?format=jsonl&functionId=${uuid}`)
  expect((JSON.parse(lines.text) as Entry).message).toBe(formula)
  const published = await lambdas.call('GET', `/logs/export?v=1&lambdaUUID=${uuid}`)
  expect(published.text).toContain(cell)
})

test('the export is as published, and as JSON lines', async () => {
  const uuid = await lambdas.deployed(LOGGER)
  await lambdas.invoke(uuid, {})
  const csv = await lambdas.call('GET', `/logs/export?v=1&lambdaUUID=${uuid}&filterLevels=Info`)
  const [header, first] = csv.text.split('\n')
  expect(header).toBe('lambdaUUID;requestID;timestamp;level;message;extras')
  expect(first).toMatch(
    new RegExp(
      `^${uuid};[\\w-]+;Mon, 05 Jan 2026 10:\\d\\d:\\d\\d GMT;Info;"Start; of ""it""";"\\[\\{""userID"":""1""\\}\\]"$`,
    ),
  )
  expect(csv.text.trimEnd().split('\n')).toHaveLength(3)

  const lines = await lambdas.native('GET', `/logs/export?format=jsonl&functionId=${uuid}`)
  const parsed = lines.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Entry)
  expect(parsed).toHaveLength(3)
})

test('the last seven days may have been counted a moment before they are asked for', async () => {
  const endTimestamp = server.clock.now()
  const startTimestamp = endTimestamp - 7 * 86_400_000 - 10_000
  const window = `startTimestamp=${startTimestamp}&endTimestamp=${endTimestamp}`
  expect((await lambdas.call('GET', `/logs/export?v=1&${window}`)).status).toBe(200)
})

test.each([
  [
    'startTimestamp=0&endTimestamp=1000000000',
    '"The period must begin at most 7 days before its end"',
  ],
  ['startTimestamp=2000&endTimestamp=1000', '"The period must not begin after its end"'],
  ['startTimestamp=x', 'startTimestamp'],
])('an export with %s is refused', async (query, hint) => {
  const reply = await lambdas.call('GET', `/logs/export?v=1&${query}`)
  expect(reply.status).toBe(400)
  expect(reply.text).toContain(hint)
})

test.each([
  [
    'startTimestamp=0&endTimestamp=1000000000',
    400,
    'The period must begin at most 7 days before its end',
  ],
  [
    'startTimestamp=yesterday',
    400,
    'query.startTimestamp: must be a time in milliseconds since 1970',
  ],
  ['filterLevels=L%C3%A4rm', 400, expect.stringMatching(/^[ -~]*filterLevels[ -~]*$/)],
])('`lpf logs` with %s is told why in the status line', async (query, status, reason) => {
  const url = `${server.urls[0]}/api/account/${server.accountId}/logs/export?userId=1&v=1&${query}`
  const authorization = `Bearer ${server.adminBearer}`
  const reply = await fetch(url, { headers: { authorization, 'user-agent': 'faas-cli' } })
  expect([reply.status, reply.statusText, await reply.text()]).toEqual([status, reason, ''])
})

test('the live tail has entries of every node, and only those that fit', async () => {
  const uuid = await lambdas.deployed(LOGGER)
  const path = `/api/v1/accounts/${server.accountId}/logs/tail?functionId=${uuid}&level=Warn`
  using source = await openEventSource(`${server.urls[1]}${path}`, {
    authorization: `Bearer ${server.adminBearer}`,
  })

  await lambdas.invoke(uuid, { call: 1 })
  await lambdas.invoke(uuid, { call: 2 })

  await source.until(() => source.events.length === 2)
  expect(source.events.map(({ json }) => json['message'])).toEqual(['100% wrong', '100% wrong'])
})

test('the live tail has every entry of a burst', async () => {
  const uuid = await lambdas.deployed(
    'const lambda = () => { for (let n = 0; n < 10; n++) console.info(n) }',
  )
  const path = `/api/v1/accounts/${server.accountId}/logs/tail?functionId=${uuid}`
  using source = await openEventSource(`${server.url}${path}`, {
    authorization: `Bearer ${server.adminBearer}`,
  })
  await Promise.all(Array.from({ length: 150 }, () => lambdas.invoke(uuid, {})))
  await source.until(() => source.events.length >= 1_500)
  const heard = source.events.map(
    ({ json }) => `${String(json['recordId'])} ${String(json['position'])}`,
  )
  expect(new Set(heard).size).toBe(1_500)
  expect(heard).toHaveLength(1_500)
})

test('the live tail ends with the session of its reader', async () => {
  const { accountId, admin, adminBearer } = await server.anotherAccount()
  const base = `/api/v1/accounts/${accountId}`
  const settings = { identity: { sessionMs: 60_000 } }
  await server.request('PATCH', `${base}/settings`, { bearer: adminBearer, body: settings })
  const session = await server.request('POST', `${base}/sessions`, {
    body: { loginName: admin.user, password: admin.password },
  })
  const { bearer } = session.json<{ bearer: string }>()
  using source = await openEventSource(`${server.urls[1]}${base}/logs/tail`, {
    authorization: `Bearer ${bearer}`,
  })

  await server.clock.advance(60_001)

  await source.ended
})
