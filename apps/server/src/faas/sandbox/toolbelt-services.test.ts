import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ParleyError } from '#base/kernel'
import { openToolbeltBench, type ToolbeltBench } from './toolbelt-bench.fixture.ts'

let bench: ToolbeltBench
const evaluate = (statements: string) => bench.evaluate(statements)
beforeAll(async () => {
  bench = await openToolbeltBench()
})
beforeEach(() => bench.reset())
afterAll(() => bench[Symbol.asyncDispose]())

/** The signature as RFC 5849 defines it, computed without the library that made it. */
function expectedSignature(method: string, url: string, header: string): string {
  const parameters = [...new URL(url).searchParams].map(
    ([k, v]) => [percent(k), percent(v)] as const,
  )
  for (const [, name = '', value = ''] of header.matchAll(/(oauth_\w+)="([^"]*)"/g)) {
    if (name !== 'oauth_signature') parameters.push([name, value])
  }
  const sorted = parameters
    .map(([k, v]) => `${k}=${v}`)
    .toSorted()
    .join('&')
  const target = url.split('?')[0] ?? ''
  const text = [method, percent(target), percent(sorted)].join('&')
  return createHmac('sha1', 'cs&ts').update(text).digest('base64')
}

function percent(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

test('LpClient signs the whole URL with the app key of the account', async () => {
  bench.answers.push({ status: 200, body: { fine: true } })
  const call =
    'return Toolbelt.LpClient()(LpServices.MSG_HIST, "/a/b?v=2", { method: "POST", json: true, qs: { "s k": "x y" }, body: { q: 1 } })'
  expect(await evaluate(call)).toEqual({ fine: true })
  const [request] = bench.asked
  expect(request).toMatchObject({
    host: 'parley.internal',
    method: 'POST',
    path: '/a/b?v=2&s%20k=x%20y',
  })
  expect(JSON.parse(Buffer.from(request?.body ?? '', 'base64').toString())).toEqual({ q: 1 })
  const header = request?.headers['authorization'] ?? ''
  const signature = decodeURIComponent(/oauth_signature="([^"]+)"/.exec(header)?.[1] ?? '')
  expect(signature).toBe(
    expectedSignature('POST', `https://parley.internal${request?.path}`, header),
  )
})

test('LpClient names an unknown service and a missing app key', async () => {
  expect(await evaluate('return Toolbelt.LpClient()("nowhere", "/")')).toMatchObject({
    failed: {
      name: 'InternalError',
      code: 'com.liveperson.faas.csds.domain.not-found',
      message: 'Service "nowhere" could not be found.',
    },
  })
  bench.secrets.clear()
  expect(await evaluate('return Toolbelt.LpClient()("smt", "/")')).toMatchObject({
    failed: {
      message: expect.stringMatching(/^Could not fetch App Key credentials from secret storage: /),
    },
  })
})

test('LpClient says which secret is no app key, and nothing of its value', async () => {
  bench.secrets.set('lp-faas-default-app-key', 'hunter2-very-secret')
  const call = `try { await Toolbelt.LpClient()("smt", "/") } catch (e) {
    return require('util').inspect(e, { depth: null })
  }`
  const shown = await evaluate(call)
  expect(shown).toContain(
    'Error: Could not fetch App Key credentials from secret storage: The secret "lp-faas-default-app-key" is no JSON',
  )
  expect(shown).not.toContain('hunter2')
})

test('ConversationUtil finds a conversation and scans it', async () => {
  const record = {
    messageRecords: [
      {
        type: 'TEXT_PLAIN',
        timeL: 5,
        sentBy: 'Consumer',
        messageData: { msg: { text: 'My ORDER 12' } },
      },
      {
        type: 'HOSTED_FILE',
        timeL: 6,
        sentBy: 'Agent',
        messageData: { file: { caption: 'the\norder form' } },
      },
    ],
  }
  bench.answers.push({
    status: 200,
    body: { _metadata: {}, conversationHistoryRecords: [record] },
  })
  const scan = `const u = Toolbelt.ConversationUtil(); const c = await u.getConversationById('c1', [ConversationContentTypes.MESSAGE_RECORDS])
    return u.scanConversationForKeywords(c, ['order \\\\d+', '^order f'])`
  expect(await evaluate(scan)).toEqual([
    { message: 'My ORDER 12', sentTimestamp: 5, sentBy: 'Consumer', tag: 'keywordRef:order \\d+' },
    { message: 'the\norder form', sentTimestamp: 6, sentBy: 'Agent', tag: 'keywordRef:^order f' },
  ])
  const none = 'return Toolbelt.ConversationUtil().scanConversationForKeywords({}, [])'
  expect(await evaluate(none)).toMatchObject({
    failed: { message: 'Please provide array containing keywords.' },
  })
  expect(bench.asked[0]?.path).toBe(
    '/messaging_history/api/account/acme/conversations/conversation/search?v=2',
  )
  bench.answers.push({ status: 200, body: { conversationHistoryRecords: [] } })
  expect(
    await evaluate('return Toolbelt.ConversationUtil().getConversationById("c2")'),
  ).toMatchObject({
    failed: { message: 'Error while fetching conversation "c2": Conversation "c2" not found.' },
  })
})

test('SDEUtil sets events and reads those of a conversation in order', async () => {
  bench.answers.push({ status: 200 })
  await evaluate('return Toolbelt.SDEUtil().addSDEs([{ type: SDETypes.LEAD }], "v 1", "s1")')
  expect(bench.asked[0]).toMatchObject({
    method: 'PUT',
    path: '/api/account/acme/monitoring/visitors/v%201/visits/current/events?v=1&sid=s1',
  })
  const read =
    'return Toolbelt.SDEUtil().getSDEsFromConv({ conversationHistoryRecords: [{ sdes: { events: [{ serverTimeStamp: 2 }, { serverTimeStamp: 1 }] } }] })'
  expect(await evaluate(read)).toEqual({
    sdes: { events: [{ serverTimeStamp: 1 }, { serverTimeStamp: 2 }] },
    unAuthSdes: { events: [] },
  })
  expect(await evaluate('return Toolbelt.SDEUtil().addSDEs([], "v", "s")')).toMatchObject({
    failed: { message: 'Please provide one or more SDEs' },
  })
})

test('GDPRUtil replaces the files that are chosen', async () => {
  bench.answers.push({ status: 200, headers: { 'x-auth-token': 'tok' } })
  bench.answers.push({ status: 201 })
  const replace = `const file = (p) => ({ type: 'HOSTED_FILE', messageData: { file: { relativePath: p } } })
    const c = { conversationHistoryRecords: [{ messageRecords: [file('/keep.png'), file('/drop.png'), { type: 'TEXT_PLAIN' }] }] }
    return Toolbelt.GDPRUtil().replaceConversationFiles(c, { username: 'u', password: 'p' }, (path) => path !== '/keep.png')`
  expect(await evaluate(replace)).toEqual(['/drop.png'])
  expect(bench.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /auth/v1.0',
    'PUT /drop.png',
  ])
  expect(bench.asked[0]?.headers).toMatchObject({ 'x-auth-user': 'u', 'x-auth-key': 'p' })
  expect(bench.asked[1]?.headers).toMatchObject({
    'x-auth-token': 'tok',
    'content-type': 'image/png',
  })
  const none = `return Toolbelt.GDPRUtil().replaceConversationFiles({ conversationHistoryRecords: [] }, {})`
  expect(await evaluate(none)).toEqual([])
  expect(bench.asked).toHaveLength(2)
})

test('ContextServiceClient keeps properties in sessions', async () => {
  const client = 'const c = Toolbelt.ContextServiceClient({ apiKey: "k", accountId: "acme" });'
  bench.answers.push({ status: 204 })
  bench.answers.push({ status: 200, body: { a: 1 } })
  expect(await evaluate(`${client} return c.setPropertiesInNamespace('ns', { a: 1 })`)).toEqual({
    a: 1,
  })
  expect(bench.asked.map(({ host, method, path }) => `${method} ${host}${path}`)).toEqual([
    'PATCH z1.context.liveperson.net/v1/account/acme/ns/__default__/properties',
    'GET z1.context.liveperson.net/v1/account/acme/ns/__default__/properties',
  ])
  expect(bench.asked[0]?.headers).toMatchObject({ 'maven-api-key': 'k' })
  bench.answers.push({ status: 200, body: 7 })
  bench.answers.push({ status: 404 })
  expect(
    await evaluate(`${client} return c.getSelectedPropertiesInSession('ns', ['a', 'b'], 's')`),
  ).toEqual({ a: 7 })
  bench.answers.push({ status: 403 })
  expect(await evaluate(`${client} return c.getListOfSessions('ns')`)).toMatchObject({
    failed: { name: 'SDKError', code: 'com.liveperson.context-service-sdk.authorization.invalid' },
  })
  const sessions = Array.from({ length: 10_001 }, (_, n) => `s${n}`)
  bench.answers.push({ status: 200, body: sessions.slice(0, 10_000) })
  bench.answers.push({ status: 200, body: sessions.slice(10_000) })
  expect(await evaluate(`${client} return c.getListOfSessions('ns')`)).toEqual(sessions)
  expect(bench.asked.at(-1)?.path).toBe('/v1/account/acme/ns/session-ids?after=s9999')
  bench.answers.push({ status: 204 })
  bench.answers.push({
    status: 200,
    body: [{ name: 'n', createdAt: '2026-01-01T00:00:00.000Z', ttlSecond: 9 }],
  })
  expect(
    await evaluate(
      `${client} const n = await c.createNamespace('n', { ttl: 9 }); return [n.createdAt instanceof Date, n.ttlSecond]`,
    ),
  ).toEqual([true, 9])
})

test('ContextServiceClient repeats what did not reach the service, and nothing that would fail again', async () => {
  const client = 'const c = Toolbelt.ContextServiceClient({ apiKey: "k", accountId: "acme" });'
  const failure = Object.assign(new Error('No answer'), { code: 'ECONNRESET' })
  bench.answers.push({ failure }, { status: 200, body: ['s'] })
  expect(await evaluate(`${client} return c.getListOfSessions('ns')`)).toEqual(['s'])
  expect(bench.asked).toHaveLength(2)
  bench.reset()
  bench.answers.push({ failure: new ParleyError('forbidden', 'No answer') })
  expect(await evaluate(`${client} return c.getListOfSessions('ns')`)).toMatchObject({
    failed: { name: 'SDKError', code: 'forbidden', message: 'No answer' },
  })
  expect(bench.asked).toHaveLength(1)
  bench.reset()
  const circle = 'const circle = {}; circle.around = circle;'
  expect(
    await evaluate(`${client} ${circle} return c.setPropertiesInNamespace('ns', { circle })`),
  ).toMatchObject({
    failed: { name: 'SDKError', code: 'com.liveperson.context-service-sdk.parameter.invalid' },
  })
  expect(bench.asked).toEqual([])
})

test.each([
  ['undefined', 'No valid configuration was provided'],
  ['{ accountId: "a" }', 'No valid API-key was provided'],
  ['{ apiKey: "k" }', 'No valid accountId was provided'],
])('ContextServiceClient(%s) throws at once', async (config, message) => {
  expect(await evaluate(`Toolbelt.ContextServiceClient(${config})`)).toMatchObject({
    failed: { message },
  })
})

test.each([
  ["deletePropertyInSession('custom', '.', 's1')", 'name must not be "."'],
  ["getSelectedPropertiesInSession('custom', ['..'], 's1')", 'name must not be ".."'],
  ["deleteSession('custom', '..')", 'sessionId must not be ".."'],
  ["deleteNamespace('..')", 'namespace must not be ".."'],
  ["createNamespace('.')", 'namespace must not be "."'],
  ["createNamespace('faas', null)", 'Can not create a built-in namespace'],
  ["deleteNamespace('custom')", 'Can not delete a built-in namespace'],
  [
    "setPropertiesInNamespace('custom', { x: 1 }, 'properties')",
    'sessionId must not be "properties"',
  ],
])('ContextServiceClient refuses %s', async (call, message) => {
  const client = 'Toolbelt.ContextServiceClient({ apiKey: "k", accountId: "acme" })'
  expect(await evaluate(`return ${client}.${call}`)).toMatchObject({
    failed: {
      name: 'SDKError',
      code: 'com.liveperson.context-service-sdk.parameter.invalid',
      message,
    },
  })
  expect(bench.asked).toEqual([])
})

test('OrchestratorClient and SDEUtil refuse an id that would lead elsewhere', async () => {
  const invoke = 'return Toolbelt.OrchestratorClient().invoke([{ uuid: ".." }], 20000)'
  expect(await evaluate(invoke)).toMatchObject([{ error: { message: 'uuid must not be ".."' } }])
  const add = 'return Toolbelt.SDEUtil().addSDEs([{ type: SDETypes.LEAD }], "..", "s1")'
  expect(await evaluate(add)).toMatchObject({
    failed: { message: 'Error while setting SDEs: visitorId must not be ".."' },
  })
  expect(bench.asked).toEqual([])
})

test('OrchestratorClient invokes functions in order, retries, and keeps to its error strategy', async () => {
  bench.answers.push({ status: 429 })
  bench.answers.push({ status: 200, body: 'one' })
  bench.answers.push({
    status: 901,
    body: { errorCode: 'com.liveperson.faas.handler.custom-failure', errorMsg: 'no' },
  })
  const call =
    'return Toolbelt.OrchestratorClient().invoke([{ uuid: "f1", payload: { a: 1 }, headers: { h: "v" } }, { uuid: "f2" }], 20000)'
  expect(await evaluate(call)).toMatchObject([
    { uuid: 'f1', statusCode: 200, body: 'one' },
    {
      uuid: 'f2',
      statusCode: 901,
      error: { code: 'com.liveperson.faas.handler.custom-failure', message: 'no' },
    },
  ])
  expect(bench.asked).toHaveLength(3)
  expect(JSON.parse(Buffer.from(bench.asked[1]?.body ?? '', 'base64').toString())).toMatchObject({
    headers: [{ key: 'h', value: 'v' }],
    payload: { a: 1 },
  })
  bench.answers.push({ status: 901, body: { errorCode: 'x', errorMsg: 'no' } })
  const exit =
    'return Toolbelt.OrchestratorClient().invoke([{ uuid: "f1" }, { uuid: "f2" }], 20000, { errorStrategy: ErrorStrategy.EXIT_ON_ERROR })'
  expect(await evaluate(exit)).toMatchObject({ failed: { code: 'x' } })
})

test.each([
  ['an object as JSON', { a: 1 }, '{"a":1}'],
  ['the message of an object', { message: 'sold out', sku: 7 }, 'sold out'],
  ['the beginning of a long one', { a: 'x'.repeat(2_000) }, `{"a":"${'x'.repeat(994)}…`],
])('OrchestratorClient shows %s that a function failed with', async (_what, errorMsg, shown) => {
  const body = { errorCode: 'x', errorMsg }
  bench.answers.push({ status: 901, body }, { status: 901, body })
  const invoke = (options: string) =>
    evaluate(`return Toolbelt.OrchestratorClient().invoke([{ uuid: "f1" }], 20000, ${options})`)
  expect(await invoke('{}')).toMatchObject([{ body, error: { message: shown } }])
  expect(await invoke('{ errorStrategy: ErrorStrategy.EXIT_ON_ERROR }')).toMatchObject({
    failed: { message: `Invocation of f1 failed: ${shown}` },
  })
})
