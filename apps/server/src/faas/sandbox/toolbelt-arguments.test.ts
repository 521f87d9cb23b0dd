import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openToolbeltBench, type ToolbeltBench } from './toolbelt-bench.fixture.ts'

let bench: ToolbeltBench
beforeAll(async () => {
  bench = await openToolbeltBench()
})
beforeEach(() => bench.reset())
afterAll(() => bench[Symbol.asyncDispose]())

const failureOf = (call: string) => bench.evaluate(`return Toolbelt.${call}`)

const FILE = `{ type: 'HOSTED_FILE', messageData: { file: { relativePath: '/a.png' } } }`
const WITH_FILE = `{ conversationHistoryRecords: [{ messageRecords: [${FILE}] }] }`

test.each([
  ['SecretClient().readSecret()', 'key is missing'],
  ['SecretClient().updateSecret()', 'key is missing'],
  ['SecretClient().updateSecret({ value: "x" })', 'key is missing'],
])('%s fails with a SecretError', async (call, message) => {
  const code = 'com.liveperson.faas.secret.invalid-format'
  expect(await failureOf(call)).toMatchObject({ failed: { name: 'SecretError', code, message } })
})

test.each([
  ['LpClient()()', 'Service "undefined" could not be found.'],
  ['LpClient()("smt")', 'path is missing'],
  ['LpClient()("smt", undefined, null)', 'path is missing'],
  ['HTTPClient()()', 'Error: options.uri is a required argument'],
  ['HTTPClient().defaults()()', 'Error: options.uri is a required argument'],
  ['ConversationUtil().getConversationById()', 'Please provide a conversation ID.'],
  ['ConversationUtil().scanConversationForKeywords()', 'Please provide conversation object.'],
  [
    'ConversationUtil().scanConversationForKeywords({}, ["a"])',
    'Please provide conversation object.',
  ],
  ['SDEUtil().addSDEs()', 'Please provide one or more SDEs'],
  [
    'SDEUtil().getSDEsFromConv()',
    'Error while getting SDEs from conversation: Please provide a valid conversation.',
  ],
  ['GDPRUtil().replaceConversationFiles()', 'Please provide conversation object.'],
  [
    `GDPRUtil().replaceConversationFiles(${WITH_FILE})`,
    'Unable to authorize at Swift: username is missing',
  ],
  [
    `GDPRUtil().replaceConversationFiles(${WITH_FILE}, { username: 'u' })`,
    'Unable to authorize at Swift: password is missing',
  ],
  ['MTLSClient()', 'cert is missing'],
  ['MTLSClient({ cert: "x" })', 'key is missing'],
  ['OrchestratorClient().invoke()', 'Please provide one or more invocations'],
  [
    'OrchestratorClient().invoke([{ uuid: "f" }], undefined, null)',
    'The deadline must be between 1 and 25000 ms',
  ],
])('%s says what is missing', async (call, message) => {
  expect(await failureOf(call)).toMatchObject({ failed: { message } })
  expect(bench.asked).toEqual([])
})

test.each(['{}', 'null'])(
  'OrchestratorClient answers for the invocation %s',
  async (invocation) => {
    expect(await failureOf(`OrchestratorClient().invoke([${invocation}], 9000)`)).toMatchObject([
      { error: { message: 'uuid is missing' } },
    ])
    expect(bench.asked).toEqual([])
  },
)

test('getUsedSecrets fails as the other calls for secrets do', async () => {
  bench.failures.set('secret.used', new Error('down'))
  expect(await failureOf('SecretClient().getUsedSecrets()')).toMatchObject({
    failed: {
      name: 'SecretError',
      code: 'com.liveperson.faas.secret.op-failed',
      message: 'Reading the used Secrets failed',
    },
  })
})

test('ContextServiceClient refuses a list in place of properties', async () => {
  const client = 'ContextServiceClient({ apiKey: "k", accountId: "acme" })'
  expect(await failureOf(`${client}.setPropertiesInNamespace("ns", [1])`)).toMatchObject({
    failed: {
      name: 'SDKError',
      code: 'com.liveperson.context-service-sdk.parameter.invalid',
      message: 'properties must be an object',
    },
  })
  expect(bench.asked).toEqual([])
})

test('ContextServiceClient throws at once for an environment that it does not know', async () => {
  const create = (zone: string) =>
    bench.evaluate(`process.env.CONTEXT_SERVICE_ENVIRONMENT = '${zone}'
      try { return typeof Toolbelt.ContextServiceClient({ apiKey: "k", accountId: "acme" }) }
      finally { delete process.env.CONTEXT_SERVICE_ENVIRONMENT }`)
  expect(await create('z2')).toBe('object')
  expect(await create('z9')).toMatchObject({
    failed: {
      message:
        'Could not determine ContextService environment: CONTEXT_SERVICE_ENVIRONMENT is "z9", and must be one of qa, z1-a, z1, z2, z3',
    },
  })
})

test('ContextServiceClient takes numbers for ids, as payloads have them, and null for the default session', async () => {
  const client = 'const c = Toolbelt.ContextServiceClient({ apiKey: "k", accountId: 12345678 });'
  const stored = [{ status: 204 }, { status: 200, body: { a: 1 } }]
  bench.answers.push(...stored, { status: 200, body: 7 }, { status: 204 })
  const calls = `${client} return [await c.setPropertiesInNamespace(5, { a: 1 }, 1528463744580),
    await c.getPropertyInSession('visits', 0, null), await c.deleteSession('visits', 1528463744580)]`
  expect(await bench.evaluate(calls)).toEqual([{ a: 1 }, 7, null])
  expect(bench.asked.map(({ path }) => path)).toEqual([
    '/v1/account/12345678/5/1528463744580/properties',
    '/v1/account/12345678/5/1528463744580/properties',
    '/v1/account/12345678/visits/__default__/properties/0',
    '/v1/account/12345678/visits/1528463744580/properties/',
  ])
})

test('SFClient calls back wherever functions that were written for jsforce 1 give it a callback', async () => {
  const seen = await bench.evaluate(`
    const connectTo = (instanceUrl) => Toolbelt.SFClient().connectToSalesforce({ instanceUrl, accessToken: 'at' })
    const [con, broken] = [connectTo(base), connectTo(base + '/status/400')]
    const told = (start) => new Promise((resolve) => start((error, found) => resolve(error ? 'failed' : found)))
    const query = (of = con) => of.query('SELECT Id FROM A')
    const [contacts, cases] = [con.sobject('Contact'), con.sobject('Case')]
    const queries = await Promise.all([
      told((cb) => query().execute(cb)).then(({ totalSize }) => totalSize),
      told((cb) => query().run({ autoFetch: true, maxFetch: 50 }, cb)).then(({ totalSize }) => totalSize),
      told((cb) => contacts.find({ Name: 'A' }, 'Id, Name').limit(5).execute(cb)),
      told((cb) => contacts.find({ Name: 'A' }, 'Id', cb)),
      told((cb) => contacts.select('Id').where({ Name: 'A' }).exec(cb)),
      told((cb) => contacts.count({ Name: 'A' }, cb)),
    ])
    const calls = await Promise.all([
      told((cb) => cases.create({ Subject: 'a' }, cb)),
      told((cb) => cases.insert({ Subject: 'a' }, { allOrNone: true }, cb)),
      told((cb) => cases.update({ Id: '5', Subject: 'a' }, cb)),
      told((cb) => cases.record('5').retrieve(cb)),
      told((cb) => cases.describe(cb)),
      told((cb) => con.apex.get('/Order/1', cb)),
      told((cb) => con.apex.post('/Order/', { a: 1 }, cb)),
    ])
    const failures = await Promise.all([
      told((cb) => query(broken).execute(cb)),
      told((cb) => broken.sobject('Case').find({}, 'Id').execute(cb)),
      told((cb) => broken.apex.get('/x', cb)),
    ])
    const records = []
    await new Promise((resolve, reject) => query().on('record', (one) => records.push(one)).on('end', resolve).on('error', reject).run())
    const promises = [records, await contacts.find({}, 'Id').limit(1), (await query()).totalSize, con.sobject('Case') === cases]
    const of = ({ method, url }) => method + ' ' + url.replace(/^.*?v[0-9.]+/, '')
    return { queries, calls: calls.map(of), failures, promises }`)
  expect(seen).toEqual({
    queries: [0, 0, [], [], [], 0],
    calls: [
      'POST /sobjects/Case',
      'POST /sobjects/Case',
      'PATCH /sobjects/Case/5',
      'GET /sobjects/Case/5',
      'GET /sobjects/Case/describe',
      'GET /services/apexrest/Order/1',
      'POST /services/apexrest/Order/',
    ],
    failures: ['failed', 'failed', 'failed'],
    // Without a callback all is as the library has it.
    promises: [[], [], 0, true],
  })
})
