import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Lambdas,
  lambdasOf,
  openAgentSocket,
  openConsumerSocket,
  startTestServer,
  type TestServer,
} from '../../apps/server/testing/index.ts'

/** Every client of the toolbelt, called by a deployed function, asserted by its effect on the platform. */
let server: TestServer
let lambdas: Lambdas
beforeAll(async () => {
  server = await startTestServer()
  lambdas = lambdasOf(server)
})
afterAll(() => server[Symbol.asyncDispose]())

const PRELUDE = `const { Toolbelt, LpServices, ConversationContentTypes, SDETypes, ErrorStrategy } = require('lp-faas-toolbelt')`

/** Deploys statements as a function and calls it. */
async function call(statements: string, payload: unknown = {}): Promise<unknown> {
  const uuid = await lambdas.deployed(`${PRELUDE}
const lambda = async ({ payload }) => { ${statements} }`)
  return invoked(uuid, payload)
}

async function invoked(uuid: string, payload: unknown): Promise<unknown> {
  const reply = await lambdas.invoke(uuid, payload)
  if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`)
  return reply.json()
}

test('a secret that one function updates is read by another', async () => {
  const made = await lambdas.native('POST', '/secrets', {
    name: 'colour',
    type: 'text',
    value: 'red',
  })
  expect(made.status).toBeLessThan(300)
  await call(`return Toolbelt.SecretClient().updateSecret({ key: 'colour', value: 'blue' })`)
  expect(await call(`return Toolbelt.SecretClient().readSecret('colour')`)).toEqual({
    key: 'colour',
    value: 'blue',
  })
  expect(
    await call(`const client = Toolbelt.SecretClient(); await client.readSecret('colour')
      return client.getUsedSecrets()`),
  ).toEqual([{ key: 'colour', value: 'blue' }])
  await call(`return Toolbelt.SecretClient().writeSecret({ key: 'colour', value: 'green' })`)
  expect(await call(`return Toolbelt.SecretClient().readSecret('colour')`)).toMatchObject({
    value: 'green',
  })
  const update = `return Toolbelt.SecretClient().updateSecret({ key: 'colour', value: 'x'.repeat(payload) })
    .then(({ value }) => value.length, (e) => [e.code, e.message])`
  expect(await call(update, 10_001)).toEqual([
    'com.liveperson.faas.secret.invalid-format',
    'Provided Secret Value exceeds allowed length of 10000',
  ])
  await lambdas.native('PATCH', '/settings', { limits: { secretValueCharacters: 20_000 } })
  expect(await call(update, 10_001)).toBe(10_001)
  expect(
    await call(
      `return Toolbelt.SecretClient().readSecret('none').catch((e) => [e.code, e.message])`,
    ),
  ).toEqual(['com.liveperson.faas.secret.not-found', 'There is no Secret none for this account'])
})

test('a secret that was deleted is no longer among those that a function has used', async () => {
  await lambdas.native('POST', '/secrets', { name: 'short-lived', value: 'soon gone' })
  const uuid = await lambdas.deployed(`${PRELUDE}
const client = Toolbelt.SecretClient()
const lambda = async ({ payload }) => {
  if (payload) await client.readSecret(payload)
  return client.getUsedSecrets()
}`)
  expect(await invoked(uuid, 'short-lived')).toEqual([{ key: 'short-lived', value: 'soon gone' }])
  await lambdas.native('DELETE', '/secrets/short-lived')
  expect(await invoked(uuid, null)).toEqual([])
})

test('ConversationUtil finds a conversation by its id and scans it', async () => {
  await using consumer = await openConsumerSocket(server)
  const conversationId = await consumer.openConversation()
  await consumer.say(conversationId, 'Where is my ORDER 66?')
  const scan = `const util = Toolbelt.ConversationUtil()
    const found = await util.getConversationById(payload.conversationId, [ConversationContentTypes.MESSAGE_RECORDS])
    return util.scanConversationForKeywords(found, ['order \\\\d+']).map(({ message, sentBy, tag }) => ({ message, sentBy, tag }))`
  expect(await call(scan, { conversationId })).toEqual([
    { message: 'Where is my ORDER 66?', sentBy: 'Consumer', tag: 'keywordRef:order \\d+' },
  ])
  const missing = `return Toolbelt.ConversationUtil().getConversationById('nowhere').catch((e) => e.message)`
  expect(await call(missing)).toBe(
    'Error while fetching conversation "nowhere": Conversation "nowhere" not found.',
  )
})

test('LpClient asks the services of the documents', async () => {
  const status = `return Toolbelt.LpClient()(LpServices.MSG_HIST, '/messaging_history/api/account/' + process.env.BRAND_ID + '/agent-view/status',
    { method: 'POST', json: true, body: { skillIds: ['1001'] } })`
  expect(await call(status)).toMatchObject({ agentStatusRecords: expect.any(Array) })
  const health = `return Toolbelt.LpClient()(LpServices.LE_DATA_REPORTING, '/operations/api/account/' + process.env.BRAND_ID + '/msgqueuehealth/current/?skillIds=1001&v=1', { json: true })`
  expect(await call(health)).toMatchObject({ skillsMetrics: { 1001: expect.any(Object) } })
  const unknown = `return Toolbelt.LpClient()('nowhere', '/').catch((e) => [e.code, e.message])`
  expect(await call(unknown)).toEqual([
    'com.liveperson.faas.csds.domain.not-found',
    'Service "nowhere" could not be found.',
  ])
})

test('ContextServiceClient keeps a property until its namespace lets it expire', async () => {
  const path = `/api/v1/accounts/${server.accountId}/context-store/key`
  const { apiKey } = (await server.request('GET', path, { bearer: server.adminBearer })).json<{
    apiKey: string
  }>()
  const client = `const client = Toolbelt.ContextServiceClient({ apiKey: payload, accountId: process.env.BRAND_ID })`
  const keep = `${client}
    const { ttlSecond } = await client.createNamespace('cart', { ttl: 60 })
    await client.setPropertiesInNamespace('cart', { items: [1] }, 's1')
    await client.updatePropertiesInNamespace('cart', { name: 'Ada' }, 's1')
    return { ttlSecond, all: await client.getAllPropertiesInSession('cart', 's1'), sessions: await client.getListOfSessions('cart'),
      some: await client.getSelectedPropertiesInSession('cart', ['name', 'none'], 's1'), names: (await client.getListOfNamespaces()).map((n) => n.name) }`
  expect(await call(keep, apiKey)).toMatchObject({
    ttlSecond: 60,
    all: { items: [1], name: 'Ada' },
    sessions: ['s1'],
    some: { name: 'Ada' },
    names: expect.arrayContaining(['cart', 'faas']),
  })
  const read = `${client}
    return client.getPropertyInSession('cart', 'name', 's1').catch((e) => e.code)`
  expect(await call(read, apiKey)).toBe('Ada')
  await server.clock.advance(60_000)
  expect(await call(read, apiKey)).toBe('com.liveperson.context-service-sdk.data.does-not-exist')
  const forbidden = await call(
    `${client}
    return client.getListOfNamespaces().catch((e) => e.code)`,
    'wrong',
  )
  expect(forbidden).toBe('com.liveperson.context-service-sdk.authorization.invalid')
  const ended = `${client}
    await client.setPropertiesInNamespace('cart', { a: 1, b: 2 }); await client.deletePropertyInSession('cart', 'a')
    const left = await client.getAllPropertiesInSession('cart')
    await client.deleteSession('cart', '__default__')
    const sessions = await client.getListOfSessions('cart')
    await client.deleteNamespace('cart')
    return { left, sessions, names: (await client.getListOfNamespaces()).map((n) => n.name) }`
  expect(await call(ended, apiKey)).toEqual({
    left: { b: 2 },
    sessions: [],
    names: expect.not.arrayContaining(['cart']),
  })
})

test('OrchestratorClient invokes other functions of the account', async () => {
  const twice = await lambdas.deployed(`const lambda = async ({ payload }) => payload * 2`)
  const fails = await lambdas.deployed(`const lambda = async () => { throw new Error('no') }`)
  const run = `return Toolbelt.OrchestratorClient().invoke(
    [{ uuid: payload.twice, payload: 21 }, { uuid: payload.fails }], 20000, { invokeParallel: true, errorStrategy: ErrorStrategy.CONTINUE_ON_ERROR })`
  expect(await call(run, { twice, fails })).toMatchObject([
    { uuid: twice, statusCode: 200, body: 42 },
    {
      uuid: fails,
      statusCode: 901,
      error: { code: 'com.liveperson.faas.handler.custom-failure', message: 'no' },
    },
  ])
})

test('OrchestratorClient takes a deadline from the environment, which is text', async () => {
  const quick = await lambdas.deployed(`const lambda = async () => 'quick'`)
  const run = `return Toolbelt.OrchestratorClient().invoke([{ uuid: payload }], '20000')
    .then(([{ body, error }]) => error ?? body)`
  expect(await call(run, quick)).toBe('quick')
})

test('OrchestratorClient hands on the headers that a function has got, and leaves out what is undefined', async () => {
  const echo = await lambdas.deployed(`const lambda = async ({ headers }) => headers`)
  const run = (headers: string) =>
    call(
      `return Toolbelt.OrchestratorClient().invoke([{ uuid: payload, headers: ${headers} }], 20000)
    .then(([{ body, error }]) => error ?? body)`,
      echo,
    )
  expect(await run(`[{ key: 'x-trace', value: '7' }]`)).toEqual([{ key: 'x-trace', value: '7' }])
  expect(await run(`{ 'x-trace': 7, none: undefined }`)).toEqual([{ key: 'x-trace', value: '7' }])
})

test('OrchestratorClient gives up what is not answered in time', async () => {
  const never = await lambdas.deployed(`const lambda = () => new Promise(() => undefined)`)
  const quick = await lambdas.deployed(`const lambda = async () => 'quick'`)
  const run = `return Toolbelt.OrchestratorClient().invoke(payload.calls, payload.deadline, payload.options)
    .then((all) => all.map(({ body, error }) => body ?? error.code))`
  const calls = [{ uuid: never, payload: {}, retries: 0 }, { uuid: quick }]
  // The first call of a function may take longer than that.
  await expect
    .poll(() => call(run, { calls, deadline: 20000, options: { timeout: 1000 } }))
    .toEqual(['ESOCKETTIMEDOUT', 'quick'])
  expect(await call(run, { calls: [{ uuid: never }], deadline: 500 })).toEqual(['ETIMEDOUT'])
})

test('LpClient keeps to the time limit that it is given', async () => {
  const never = await lambdas.deployed(`const lambda = () => new Promise(() => undefined)`)
  const run = `return Toolbelt.LpClient()('faasGW', '/api/account/' + process.env.BRAND_ID + '/lambdas/' + payload.never + '/invoke?v=1',
    { method: 'POST', json: true, body: { payload: {} }, timeout: 500 }).catch((e) => e.cause.code)`
  expect(await call(run, { never })).toBe('ESOCKETTIMEDOUT')
})

test('orchestrated functions that ask the platform do not wait for each other', async () => {
  const leaf = await lambdas.deployed(`${PRELUDE}
const lambda = async () => {
  await Toolbelt.LpClient()('msgHist', '/nowhere', { simple: false })
  return 'leaf'
}`)
  const root = await lambdas.deployed(`${PRELUDE}
const lambda = async ({ payload }) => {
  const [{ body }] = await Toolbelt.OrchestratorClient().invoke([{ uuid: payload.leaf }], 25000)
  return body
}`)
  // An instance of each stands ready: starting them is not what takes the time limit of the calls.
  expect(await invoked(root, { leaf })).toBe('leaf')
  const all = await Promise.all(Array.from({ length: 30 }, () => invoked(root, { leaf })))
  expect(all).toEqual(Array.from({ length: 30 }, () => 'leaf'))
})

test('GDPRUtil replaces a file of a conversation, and the download is the replacement', async () => {
  await using consumer = await openConsumerSocket(server)
  const conversationId = await consumer.openConversation()
  const granted = await consumer.request('ms.GenerateURLForUploadFile', {
    fileSize: 5,
    fileType: 'PNG',
  })
  const { queryParams, relativePath } = granted.body as {
    relativePath: string
    queryParams: Record<string, string>
  }
  const query = new URLSearchParams(queryParams).toString()
  const put = await fetch(`${server.url}${relativePath}?${query}`, { method: 'PUT', body: 'first' })
  expect(put.status).toBeLessThan(300)
  const sent = await consumer.request('ms.PublishEvent', {
    dialogId: conversationId,
    event: {
      type: 'ContentEvent',
      contentType: 'hosted/file',
      message: { caption: 'my passport', relativePath, fileType: 'PNG' },
    },
  })
  expect(sent.code).toBe(200)
  const replace = `const found = await Toolbelt.ConversationUtil().getConversationById(payload.conversationId)
    return Toolbelt.GDPRUtil().replaceConversationFiles(found, payload.credentials, () => true, { body: Buffer.alloc(2_000_000, 'gone'), contentType: 'image/png' })`
  const credentials = {
    username: `${server.accountId}:${server.admin.user}`,
    password: server.admin.password,
  }
  expect(await call(replace, { conversationId, credentials })).toEqual([relativePath])
  const download = await consumer.request('ms.GenerateURLForDownloadFile', { relativePath })
  const again = new URLSearchParams(
    (download.body as { queryParams: Record<string, string> }).queryParams,
  )
  const downloaded = await fetch(`${server.url}${relativePath}?${again.toString()}`)
  expect(await downloaded.text()).toBe('gone'.repeat(500_000))
})

test('SDEUtil sets attributes of a visitor: the agent sees them, and so does another function', async () => {
  await using consumer = await openConsumerSocket(server)
  await using agent = await openAgentSocket(server, server.agents[0]!)
  const conversationId = await consumer.openConversation({
    conversationContext: { type: 'SharkContext', visitorId: 'visitor 9', sessionId: 's9' },
  })
  const sde = { type: 'lead', lead: { topic: 'shoes', leadId: 'L-9' } }
  const add = `return Toolbelt.SDEUtil().addSDEs([{ ...payload, type: SDETypes.LEAD }], 'visitor 9', 's9')`
  await call(add, sde)
  const profile = await agent.request('.ams.userprofile.GetUserProfile', consumer.consumerId)
  expect(profile.body).toMatchObject({ authenticatedData: { lp_sdes: [sde] } })
  const read = `const found = await Toolbelt.ConversationUtil().getConversationById(payload)
    return Toolbelt.SDEUtil().getSDEsFromConv(found)`
  expect(await call(read, conversationId)).toMatchObject({
    unAuthSdes: { events: [{ sdeType: 'LEAD' }] },
  })
  const failing = `return Toolbelt.SDEUtil().addSDEs([{}], 'visitor 9', 's9').catch((e) => e.message)`
  expect(await call(failing)).toMatch(/^Error while setting SDEs: 400/)
})

test('SDEUtil reads the engagement attributes of a conversation', async () => {
  await using consumer = await openConsumerSocket(server)
  await using agent = await openAgentSocket(server, server.agents[0]!)
  await agent.goOnline()
  await consumer.request('userprofile.SetUserProfile', {
    authenticatedData: { lp_sdes: [{ type: 'ctmrinfo', info: { customerId: '42' } }] },
  })
  const conversationId = await consumer.openConversation()
  const read = `const found = await Toolbelt.ConversationUtil().getConversationById(payload.conversationId)
    return Toolbelt.SDEUtil().getSDEsFromConv(found)`
  const { unAuthSdes } = (await call(read, { conversationId })) as {
    unAuthSdes: { events: unknown[] }
  }
  expect(JSON.stringify(unAuthSdes.events)).toContain('"customerId":"42"')
})
