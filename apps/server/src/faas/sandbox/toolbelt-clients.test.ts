import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openToolbeltBench, type ToolbeltBench } from './toolbelt-bench.fixture.ts'

let bench: ToolbeltBench
const evaluate = (statements: string) => bench.evaluate(statements)
beforeAll(async () => {
  bench = await openToolbeltBench()
})
beforeEach(() => bench.reset())
afterAll(() => bench[Symbol.asyncDispose]())

test('HTTPClient resolves with the body and carries the headers of the platform', async () => {
  expect(await evaluate('return Toolbelt.HTTPClient()(base + "/a", { json: true })')).toMatchObject(
    {
      method: 'GET',
      url: '/a',
      headers: { 'lp-url': 'acme', 'user-agent': 'LP-Lambda-f1', accept: 'application/json' },
    },
  )
})

test('HTTPClient sends json, forms, queries and basic authorization', async () => {
  const posted =
    'return Toolbelt.HTTPClient()({ uri: base + "/p", method: "POST", json: true, body: { a: 1 }, headers: { "USER-AGENT": "mine" } })'
  expect(await evaluate(posted)).toMatchObject({
    method: 'POST',
    body: '{"a":1}',
    headers: { 'content-type': 'application/json', 'user-agent': 'mine' },
  })
  const form =
    'return Toolbelt.HTTPClient().post(base, { form: { a: "x y", b: [1, 2] }, json: false }).then(JSON.parse)'
  expect(await evaluate(form)).toMatchObject({
    body: 'a=x%20y&b%5B0%5D=1&b%5B1%5D=2',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  const formForJson = 'return Toolbelt.HTTPClient().post(base, { form: { a: 1 }, json: true })'
  expect(await evaluate(formForJson)).toMatchObject({
    body: 'a=1',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
  })
  const query =
    'return Toolbelt.HTTPClient()({ baseUrl: base, uri: "q?k=1", qs: { a: "b c" }, auth: { user: "u", pass: "p" }, json: true })'
  expect(await evaluate(query)).toMatchObject({
    url: '/q?k=1&a=b%20c',
    headers: { authorization: `Basic ${Buffer.from('u:p').toString('base64')}` },
  })
})

test('HTTPClient sends a form that was written by hand as it is', async () => {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
  const written = { method: 'POST', headers, body: 'grant_type=a&scope=b', json: true }
  expect(
    await evaluate(`return Toolbelt.HTTPClient()(base, ${JSON.stringify(written)})`),
  ).toMatchObject({
    body: 'grant_type=a&scope=b',
    headers: { accept: 'application/json', 'content-type': headers['Content-Type'] },
  })
  const asForm = { method: 'POST', headers: { 'content-type': 'text/plain' }, form: 'a=1' }
  expect(
    await evaluate(
      `return Toolbelt.HTTPClient()(base, { ...${JSON.stringify(asForm)}, json: true })`,
    ),
  ).toMatchObject({ body: 'a=1', headers: { 'content-type': headers['Content-Type'] } })
})

test('HTTPClient resolves HEAD with the headers', async () => {
  const head = `const http = Toolbelt.HTTPClient()
    const full = await http({ uri: base, method: 'head', resolveWithFullResponse: true })
    return [(await http.head(base))['content-type'], full.statusCode]`
  expect(await evaluate(head)).toEqual(['application/json', 200])
})

test('HTTPClient takes user and password from the address', async () => {
  const call = `return Toolbelt.HTTPClient()(base.replace('//', '//u:p%40w@'), { json: true })`
  expect(await evaluate(call)).toMatchObject({
    headers: { authorization: `Basic ${Buffer.from('u:p@w').toString('base64')}` },
  })
})

test('HTTPClient rejects a status that is not 2xx, unless simple is false', async () => {
  expect(await evaluate('return Toolbelt.HTTPClient()(base + "/status/404")')).toMatchObject({
    failed: {
      name: 'StatusCodeError',
      statusCode: 404,
      message: expect.stringMatching(/^404 - \{/),
    },
  })
  const full =
    'return Toolbelt.HTTPClient()(base + "/status/503", { simple: false, resolveWithFullResponse: true, json: true }).then((r) => [r.statusCode, r.headers["content-type"], r.body.url])'
  expect(await evaluate(full)).toEqual([503, 'application/json', '/status/503'])
  expect(await evaluate('return Toolbelt.HTTPClient()("ftp://x/")')).toMatchObject({
    failed: { name: 'RequestError', message: 'Error: Invalid protocol: ftp:' },
  })
})

test('HTTPClient follows redirects of GET and returns bytes when asked', async () => {
  expect(
    await evaluate('return Toolbelt.HTTPClient()(base + "/hop", { json: true })'),
  ).toMatchObject({ url: '/hopped' })
  expect(
    await evaluate(
      'return Toolbelt.HTTPClient()(base + "/b", { encoding: null }).then(Buffer.isBuffer)',
    ),
  ).toBe(true)
  expect(await evaluate('return Toolbelt.HTTPClient().post(base + "/hop")')).toMatchObject({
    failed: { statusCode: 302 },
  })
})

test('HTTPClient answers 403 for a domain that is not listed', async () => {
  expect(
    await evaluate('return Toolbelt.HTTPClient()("https://not-listed.example/")'),
  ).toMatchObject({
    failed: {
      name: 'StatusCodeError',
      statusCode: 403,
      error: 'You do not have access to the page or resource you are trying to reach\n',
    },
  })
})

test('SecretClient reads and updates; another function reads the new value', async () => {
  expect(await evaluate('return Toolbelt.SecretClient().readSecret("colour")')).toEqual({
    key: 'colour',
    value: 'red',
  })
  expect(
    await evaluate('return Toolbelt.SecretClient().updateSecret({ key: "colour", value: "blue" })'),
  ).toEqual({ key: 'colour', value: 'blue' })
  expect(
    await evaluate('return (await Toolbelt.SecretClient().readSecret("colour")).value + "!"'),
  ).toBe('blue!')
  expect(await evaluate('return Toolbelt.SecretClient().getUsedSecrets()')).toEqual([
    { key: 'colour', value: 'blue' },
  ])
})

test('SecretClient fails with the documented codes', async () => {
  const failing = (statement: string) =>
    evaluate(
      `return Toolbelt.SecretClient().${statement}.catch((e) => [e instanceof SecretError, e.code, e.message])`,
    )
  expect(await failing('readSecret("none")')).toEqual([
    true,
    'com.liveperson.faas.secret.not-found',
    'There is no Secret none for this account',
  ])
  expect(await failing('updateSecret({ key: "none", value: "x" })')).toEqual([
    true,
    'com.liveperson.faas.secret.op-failed',
    'Updating Secret none failed',
  ])
  expect(await failing('updateSecret({ key: "colour", value: "x".repeat(11) })')).toEqual([
    true,
    'com.liveperson.faas.secret.invalid-format',
    'Too long',
  ])
  expect(await failing('updateSecret({ key: "colour", value: "x".repeat(1_100_000) })')).toEqual([
    true,
    'com.liveperson.faas.secret.invalid-format',
    'Provided Secret Value exceeds allowed length',
  ])
})

test('SecretClient makes more calls at once than may be open', async () => {
  bench.secrets.set('often', 'x')
  const often = (count: number) =>
    evaluate(`const client = Toolbelt.SecretClient()
      const all = await Promise.all(Array.from({ length: ${count} }, () => client.readSecret('often')))
      return all.length`)
  expect(await often(350)).toBe(350)
})

test('a host call that is too large fails alone', async () => {
  expect(
    await evaluate(
      `return Toolbelt.SecretClient().readSecret('x'.repeat(2_000_000)).catch((e) => e.code)`,
    ),
  ).toBe('com.liveperson.faas.secret.op-failed')
})

test('SFClient gives a connection whose requests carry the headers of the platform', async () => {
  const call = `const con = Toolbelt.SFClient().connectToSalesforce({ instanceUrl: base, accessToken: 'at' })
    return con.request('/services/data/v60.0/')`
  expect(await evaluate(call)).toMatchObject({
    url: '/services/data/v60.0/',
    headers: { authorization: 'Bearer at', 'lp-url': 'acme', 'user-agent': 'LP-Lambda-f1' },
  })
  const withCallback = `const con = Toolbelt.SFClient().connectToSalesforce({ instanceUrl: base, accessToken: 'at' })
    return new Promise((resolve) => con.query('SELECT Id FROM A', (error, result) => resolve([error, result && result.totalSize])))`
  expect(await evaluate(withCallback)).toEqual([null, 0])
})

test('every package of the list can be required, under both names of the toolbelt', async () => {
  const load = `const names = ['jsforce', 'oauth-1.0a', 'luxon', 'lodash', 'jsonwebtoken', 'jose', 'axios', 'uuid', 'crypto', 'node:util']
    const { v4 } = require('uuid'); const jwt = require('jsonwebtoken'); const jose = require('jose')
    const token = jwt.sign({ a: 1 }, 'secret'.repeat(6))
    const { payload } = await jose.jwtVerify(token, new TextEncoder().encode('secret'.repeat(6)))
    return [names.every((n) => require(n)), require('core-functions-toolbelt').Toolbelt === Toolbelt, v4().length, payload.a,
      require('luxon').DateTime.fromISO('2026-07-01T12:00', { zone: 'Europe/Berlin' }).offset, require('lodash').chunk([1, 2, 3], 2), require('lodash/get')({ a: 2 }, 'a')]`
  expect(await evaluate(load)).toEqual([true, true, 36, 1, 120, [[1, 2], [3]], 2])
})

test('luxon and its words are those of version 1, which functions are written for', async () => {
  const noon = `const { DateTime } = require('luxon')
    return [DateTime.fromObject({ year: 2026, month: 7, day: 1, hour: 12, zone: 'Europe/Berlin' }).toISO(),
      DateTime.fromISO('2026-07-01T12:00Z').setZone('America/New_York').setLocale('de').toLocaleString(DateTime.TIME_SIMPLE)]`
  expect(await evaluate(noon)).toEqual(['2026-07-01T12:00:00.000+02:00', '08:00'])
})

test('what belongs to fetch is there, each part of one kind', async () => {
  const talk = `const request = new Request(base + '/a', { method: 'POST', headers: new Headers({ 'x-kind': 'one' }), body: new FormData() })
    const response = await fetch(request)
    const { method, headers } = await response.clone().json()
    return [method, headers['x-kind'], headers['content-type'].split(';')[0], response instanceof Response, response.headers instanceof Headers,
      new Response('text').status, typeof WebSocket, WebSocket.OPEN]`
  expect(await evaluate(talk)).toEqual([
    'POST',
    'one',
    'multipart/form-data',
    true,
    true,
    200,
    'function',
    1,
  ])
})

test('a request that fails tells the line of who sent it, once', async () => {
  const fail = `try { await fetch('http://127.0.0.1:9/') } catch (error) { return [error.message, error.stack] }`
  expect(await evaluate(fail)).toEqual([
    'fetch failed',
    expect.stringMatching(/^TypeError: fetch failed\n[^]*\(index\.js\b/),
  ])
  const abort = `const mine = new Error('mine'); const stacks = []
    for (let turn = 0; turn < 3; turn++) {
      try { await fetch(base, { signal: AbortSignal.abort(mine) }) } catch (error) { stacks.push(error === mine && error.stack) }
    }
    const frozen = Object.freeze(new Error('frozen'))
    try { await fetch(base, { signal: AbortSignal.abort(frozen) }) } catch (error) { stacks.push(error === frozen) }
    return stacks`
  const [first, ...later] = (await evaluate(abort)) as [string, ...unknown[]]
  expect(first.match(/\(index\.js\b/g)?.length).toBeGreaterThan(1)
  expect(later).toEqual([first, first, true])
})

test('a request by HTTP/2 is refused with what to do instead', async () => {
  const ask = `return require('axios').get(base, { httpVersion: 2 }).catch((error) => error.message)`
  expect(await evaluate(ask)).toBe('Functions have no HTTP/2: send the request with HTTP/1.1')
})

test.each(['@127.0.0.1/a', '.evil.example/a', ':444/a'])(
  'GDPRUtil hands its token to no host that a file is named after: %s',
  async (path) => {
    bench.answers.push({ status: 200, headers: { 'x-auth-token': 'tok' } })
    bench.answers.push({ status: 201 })
    const replace = `const relativePath = ${JSON.stringify(path)}
      const messageRecords = [{ type: 'HOSTED_FILE', messageData: { file: { relativePath } } }]
      return Toolbelt.GDPRUtil().replaceConversationFiles({ conversationHistoryRecords: [{ messageRecords }] }, { username: 'u', password: 'p' })`
    expect(await evaluate(replace)).toMatchObject({
      failed: { message: `Unable to replace image ${path}: It must be a path that begins with /` },
    })
  },
)

test.each([
  "deletePropertyInSession('ns', 'a')",
  "deleteSession('ns', 's')",
  "deleteNamespace('ns')",
])('ContextServiceClient takes it that what %s means is gone already', async (call) => {
  const client = 'Toolbelt.ContextServiceClient({ apiKey: "k", accountId: "acme" })'
  bench.answers.push({ status: 404 }, { status: 403 })
  expect(await evaluate(`return [await ${client}.${call}]`)).toEqual([null])
  expect(await evaluate(`return ${client}.${call}`)).toMatchObject({
    failed: { code: 'com.liveperson.context-service-sdk.authorization.invalid' },
  })
})

test.each([[null], [[]], [{}], [{ consumerKey: 'k' }], ['{"token":"t"}']])(
  'LpClient says which secret is no app key: %j',
  async (key) => {
    bench.secrets.set('mine', key)
    const call = `return Toolbelt.LpClient()('smt', '/', { appKeySecretName: 'mine' })`
    expect(await evaluate(call)).toMatchObject({
      failed: {
        message:
          'Could not fetch App Key credentials from secret storage: The secret "mine" must have consumerKey and consumerSecret',
      },
    })
    expect(bench.asked).toEqual([])
  },
)

test('ContextServiceClient refuses a name with half of a character as it refuses others', async () => {
  const client = 'Toolbelt.ContextServiceClient({ apiKey: "k", accountId: "acme" })'
  const call = `return ${client}.getPropertyInSession('ns', 'a\\ud83d')`
  expect(await evaluate(call)).toMatchObject({
    failed: {
      name: 'SDKError',
      code: 'com.liveperson.context-service-sdk.parameter.invalid',
      message: 'name must not contain a lone surrogate',
    },
  })
})

test.each([
  [`undefined, 's1'`, 'visitorId is missing'],
  [`'v1'`, 'sessionId is missing'],
  [`'v1', ''`, 'sessionId is missing'],
])('SDEUtil sets nothing for the ids %s', async (ids, message) => {
  const add = `return Toolbelt.SDEUtil().addSDEs([{ type: SDETypes.LEAD }], ${ids})`
  expect(await evaluate(add)).toMatchObject({
    failed: { message: `Error while setting SDEs: ${message}` },
  })
  expect(bench.asked).toEqual([])
})

test('GDPRUtil finds no files in a conversation without records', async () => {
  const replace = 'return Toolbelt.GDPRUtil().replaceConversationFiles({}, {})'
  expect(await evaluate(replace)).toEqual([])
})
