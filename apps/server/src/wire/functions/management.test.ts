import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lambda, type Lambdas, lambdasOf, startTestServer, type TestServer } from '#testing'

const HELLO = 'function lambda(input, callback) { callback(null, `Hi ${input.payload.name}`) }'
const NEW_CONVERSATION = 'controllerbot_messaging_new_conversation'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

/** An account of its own, for tests that count functions or tie them to events. */
async function newAccount(): Promise<Lambdas> {
  return lambdasOf(server, await server.anotherAccount())
}

function anyAccount(): Lambdas {
  return lambdasOf(server)
}

async function stateOf({ call }: Lambdas, uuid: string): Promise<string | undefined> {
  const [found] = (await call('GET', `/lambdas/${uuid}?v=1`)).json<Lambda[]>()
  return found?.state
}

test('a function goes from Draft over Productive and Modified back to Draft', async () => {
  const account = anyAccount()
  const { uuid, version, state } = await account.create(HELLO)
  expect({ version, state }).toEqual({ version: 1, state: 'Draft' })

  const deployed = await account.deploy(uuid)
  // The command line takes a body with a `uuid` for a failure.
  expect(deployed.json()).toEqual({ message: 'Successfully started deployment' })
  const [productive] = (await account.call('GET', `/lambdas/${uuid}?v=1`)).json<Lambda[]>()
  expect(productive).toMatchObject({
    state: 'Productive',
    lastDeployment: { lambdaVersion: 1, deploymentState: 'Deploy Finish', lambdaUUID: uuid },
  })

  const change = { version: 1, implementation: { code: HELLO.replace('Hi', 'Ho') } }
  expect((await account.call('PUT', `/lambdas/${uuid}?v=1`, change)).status).toBe(200)
  expect(await stateOf(account, uuid)).toBe('Modified')
  expect((await account.invoke(uuid, { name: 'Ada' })).text).toBe('"Hi Ada"')

  await account.deploy(uuid)
  expect((await account.invoke(uuid, { name: 'Ada' })).text).toBe('"Ho Ada"')

  expect((await account.call('DELETE', `/lambdas/${uuid}?v=1`)).status).toBe(409)
  expect((await account.call('DELETE', `/deployments/${uuid}?v=1`)).status).toBe(200)
  expect(await stateOf(account, uuid)).toBe('Draft')
  expect((await account.call('DELETE', `/lambdas/${uuid}?v=1`)).status).toBe(204)
  expect((await account.call('GET', `/lambdas/${uuid}?v=1`)).status).toBe(404)
})

test('an update without changes gets 304, an update of an old version is refused', async () => {
  const account = anyAccount()
  const { uuid } = await account.create(HELLO)
  const push = (body: object) => account.call('PUT', `/lambdas/${uuid}?v=1`, body)

  const same = await push({ version: 1, implementation: { code: HELLO } })
  expect({ status: same.status, body: same.text }).toEqual({ status: 304, body: '' })

  expect((await push({ version: 1, description: 'other' })).json<Lambda>().version).toBe(2)
  const stale = await push({ version: 1, description: 'another' })
  expect(stale.status).toBe(409)
  expect(stale.json()).toMatchObject({ errorMsg: expect.stringContaining('version: 1') })
})

test('members that an update leaves out keep their values', async () => {
  const account = anyAccount()
  const { uuid } = await account.create(HELLO, {
    eventId: NEW_CONVERSATION,
    skills: ['1001'],
    implementation: { environmentVariables: [{ key: 'MOOD', value: 'good' }] },
  })

  const reply = await account.call('PUT', `/lambdas/${uuid}?v=1`, {
    version: 1,
    description: 'new',
  })

  expect(reply.json()).toMatchObject({
    eventId: NEW_CONVERSATION,
    skills: ['1001'],
    implementation: { code: HELLO, environmentVariables: [{ key: 'MOOD', value: 'good' }] },
  })
})

test('members that are null count as absent, and keep their values in an update', async () => {
  const account = anyAccount()
  const { uuid, ...made } = await account.create(HELLO, {
    eventId: null,
    skills: null,
    samplePayload: null,
    implementation: { dependencies: null, environmentVariables: null },
  })
  expect(made).toMatchObject({
    skills: [],
    samplePayload: { headers: [], payload: {} },
    implementation: { dependencies: [], environmentVariables: [] },
  })

  const changed = await account.call('PUT', `/lambdas/${uuid}?v=1`, {
    version: null,
    name: null,
    description: 'new',
    eventId: null,
    skills: null,
    samplePayload: { headers: [], payload: { kept: null } },
    implementation: { code: null, environmentVariables: null },
  })
  expect(changed.json()).toMatchObject({
    name: made.name,
    description: 'new',
    samplePayload: { payload: { kept: null } },
    implementation: { code: HELLO },
  })

  await account.deploy(uuid)
  const schedule = { lambdaUUID: uuid, cronExpression: '0 0 1 1 *', isActive: null, payload: null }
  expect((await account.call('POST', '/schedules?v=1', schedule)).json()).toMatchObject({
    isActive: true,
    payload: {},
  })
  const domain = { domain: 'null.example.com', name: null, id: -1 }
  expect((await account.call('POST', '/proxy-settings?v=1', domain)).status).toBe(201)
  const nothing = await account.call('POST', '/lambdas?v=1', { name: null, implementation: null })
  expect(nothing.json<{ errorMsg: string }>().errorMsg).toMatch(/^name: is missing/)
})

test.each([
  ['a name with a space', { name: 'a b' }, 'name'],
  ['an empty description', { description: '' }, 'description'],
  ['an unknown event', { eventId: 'nobody_knows' }, 'eventId'],
  ['skills without an event', { skills: ['1'] }, 'skills'],
  ['no code', { implementation: { code: undefined } }, 'code'],
])('%s is refused with the name of the field', async (_case, more, field) => {
  const account = anyAccount()
  const reply = await account.call('POST', '/lambdas?v=1', {
    name: 'f',
    description: 'd',
    implementation: { code: HELLO },
    ...more,
  })
  expect(reply.status).toBe(400)
  expect(reply.json()).toMatchObject({
    errorCode: 'com.liveperson.faas.es.badinput',
    errorMsg: expect.stringContaining(field),
  })
})

test.each([
  ['invalid syntax', 'function lambda( {', 'line 1'],
  ['no entry point', 'const a = 1', 'lambda'],
  ['eval', 'function lambda() { eval("1") }', 'eval'],
  ['too much', `function lambda() {} // ${'x'.repeat(100_000)}`, '100000'],
  ['U+0000', 'function lambda() { return "\0" }', 'U+0000'],
])('source with %s is a contract error', async (_case, code, hint) => {
  const account = anyAccount()
  const reply = await account.call('POST', '/lambdas?v=1', {
    name: 'f',
    description: 'd',
    implementation: { code },
  })
  expect(reply.status).toBe(400)
  const { errorCode, errorMsg } = reply.json<{ errorCode: string; errorMsg: string }>()
  expect(errorMsg).toContain(hint)
  expect(errorCode).toContain('contract-error')
})

test('a name is unique in its account', async () => {
  const account = await newAccount()
  await account.create(HELLO, { name: 'same' })
  await expect(account.create(HELLO, { name: 'same' })).rejects.toThrow('there is a function')
  await expect((await newAccount()).create(HELLO, { name: 'same' })).resolves.toBeTruthy()
})

test('limits of functions hold for simultaneous requests', async () => {
  const account = await newAccount()
  const limit = (limits: object) => account.native('PATCH', '/settings', { limits })
  const settled = await Promise.all(Array.from({ length: 3 }, () => account.create(HELLO)))
  await limit({ functions: 5, deployedFunctions: 1 })
  const creations = Array.from({ length: 8 }, () => account.create(HELLO))
  const created = await Promise.allSettled(creations)
  expect(created.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)

  const deployed = await Promise.all(settled.map(({ uuid }) => account.deploy(uuid)))
  const statuses = deployed.map(({ status }) => status)
  expect(statuses.filter((status) => status === 409)).toHaveLength(2)
  expect(statuses).toContain(200)
})

test('reserved environment names are refused, and empty pairs are ignored', async () => {
  const account = anyAccount()
  const withVariable = (key: string, value: string) =>
    account.create(HELLO, { implementation: { environmentVariables: [{ key, value }] } })

  await expect(withVariable('BRAND_ID', '1')).rejects.toThrow('reserved')
  await expect(withVariable('LONG', 'x'.repeat(201))).rejects.toThrow('200')
  expect((await withVariable('', '')).implementation).toMatchObject({ environmentVariables: [] })
})

test('an event has one function for each skill, and one without skills for the others', async () => {
  const account = await newAccount()
  const event = { eventId: NEW_CONVERSATION }
  await account.deployed(HELLO, { ...event, skills: ['1001'] })
  await account.deployed(HELLO, event)

  await expect(account.deployed(HELLO, { ...event, skills: ['1001', '1002'] })).rejects.toThrow(
    '1001',
  )
  await expect(account.deployed(HELLO, event)).rejects.toThrow('without skills')
  await account.deployed(HELLO, { ...event, skills: ['1002'] })
})

test('a function for a skill that does not exist is refused when it is made, changed or deployed', async () => {
  const account = await newAccount()
  const event = { eventId: NEW_CONVERSATION }
  const { skillId } = (await account.native('POST', '/skills', { name: 'short-lived' })).json<{
    skillId: string
  }>()
  const { uuid } = await account.create(HELLO, { ...event, skills: [skillId] })
  await expect(account.create(HELLO, { ...event, skills: ['1001', '4711'] })).rejects.toThrow(
    'No skill \\"4711\\"',
  )
  const change = await account.call('PUT', `/lambdas/${uuid}?v=1`, { skills: ['4711'] })
  expect(change.status).toBe(400)
  expect(change.text).toContain('4711')

  await account.native('DELETE', `/skills/${skillId}`)

  const deployment = await account.deploy(uuid)
  expect(deployment.status).toBe(400)
  expect(deployment.text).toContain(`No skill \\"${skillId}\\"`)
  expect(await stateOf(account, uuid)).toBe('Draft')
})

test("a deployed function's skills are in force without a deployment", async () => {
  const account = await newAccount()
  const uuid = await account.deployed(HELLO, { eventId: NEW_CONVERSATION, skills: ['1001'] })
  const isImplemented = async (skillId: string) =>
    (
      await account.call('GET', `/events/${NEW_CONVERSATION}/isImplemented?v=1&skillId=${skillId}`)
    ).json<{ implemented: boolean }>().implemented
  expect(await isImplemented('1002')).toBe(false)

  await account.call('PUT', `/lambdas/${uuid}?v=1`, { skills: ['1002'] })

  expect(await isImplemented('1001')).toBe(false)
  expect(await isImplemented('1002')).toBe(true)
  expect(await stateOf(account, uuid)).toBe('Productive')
})

test('another account sees and changes nothing', async () => {
  const [mine, theirs] = [await newAccount(), await newAccount()]
  const uuid = await mine.deployed(HELLO)

  for (const [method, path] of [
    ['GET', `/lambdas/${uuid}`],
    ['PUT', `/lambdas/${uuid}`],
    ['DELETE', `/lambdas/${uuid}`],
    ['POST', `/deployments/${uuid}`],
    ['DELETE', `/deployments/${uuid}`],
  ] as const) {
    const body = method === 'PUT' ? { description: 'x' } : undefined
    expect((await theirs.call(method, `${path}?v=1`, body)).status).toBe(404)
  }
  expect((await theirs.invoke(uuid, {})).status).toBe(404)
  const hour = 'startTimestamp=1767600000000&endTimestamp=1767603600000&bucketSize=300'
  expect((await theirs.call('GET', `/reports/invocations/${uuid}?v=1&${hour}`)).status).toBe(404)
  expect((await mine.call('GET', `/reports/invocations/${uuid}?v=1&${hour}`)).status).toBe(200)
  const foreign = await server.request(
    'GET',
    `/api/account/${mine.account.accountId}/lambdas?v=1`,
    { bearer: theirs.account.adminBearer },
  )
  expect(foreign.status).toBe(401)
})

test('a number beyond every row is refused with its field', async () => {
  const account = anyAccount()
  const { uuid } = await account.create(HELLO)
  const versions = `/functions/${uuid}/versions/99999999999`
  for (const [reply, field] of [
    [await account.call('DELETE', '/proxy-settings/99999999999?v=1'), 'params.id'],
    [await account.native('DELETE', '/allowed-domains/-99999999999'), 'params.domainId'],
    [await account.native('GET', versions), 'params.version'],
    [await account.native('POST', `${versions}/restore`), 'params.version'],
    [
      await account.native('GET', `/functions/${uuid}/comparison?from=1&to=99999999999`),
      'query.to',
    ],
  ] as const) {
    expect(reply.status).toBe(400)
    expect(reply.text).toContain(field)
  }
})

test('runtimes and events are as the command line reads them', async () => {
  const account = anyAccount()
  const [runtime] = (await account.call('GET', '/runtimes?v=1')).json<{ name: string }[]>()
  expect(runtime?.name).toBe('Node.js 20')
  const events = (await account.call('GET', '/events?v=1')).json<{ eventId: string }[]>()
  expect(events).toContainEqual(
    expect.objectContaining({ eventId: 'conversational_command', lambdaLimit: 30 }),
  )
})

test('the refusal of a caller without a permission names it, in the dialect of the path', async () => {
  const [agent] = server.agents
  const session = await server.context.accounts.logIn(server.accountId, {
    address: '127.0.0.1',
    loginName: agent?.user ?? '',
    proof: { password: agent?.password ?? '' },
  })
  const reply = await anyAccount().call('POST', '/lambdas?v=1', {}, { bearer: session.bearer })
  expect(reply.status).toBe(403)
  expect(reply.json()).toEqual({
    errorCode: 'com.liveperson.faas.es.forbidden',
    errorMsg: expect.stringContaining('function:write'),
  })
  const app = await anyAccount().call('POST', '/lambdas?v=1', {}, { bearer: server.appToken })
  expect(app.status).toBe(403)
})
