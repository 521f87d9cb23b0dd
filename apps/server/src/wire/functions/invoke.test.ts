import { Agent } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lambdas, lambdasOf, sendRequest, startTestServer, type TestServer } from '#testing'

const ECHO = 'const lambda = async (input) => input.payload'
const NEW_CONVERSATION = 'controllerbot_messaging_new_conversation'

let server: TestServer
let lambdas: Lambdas
beforeAll(async () => {
  server = await startTestServer()
  lambdas = lambdasOf(server)
})
afterAll(() => server[Symbol.asyncDispose]())

/** Every character as an escape: the same path (RFC 3986, 6.2.2.2). */
const escaped = (text: string) => `%${Buffer.from(text).toString('hex').match(/../g)!.join('%')}`

const raise = (account: Lambdas, eventId: string, query: string, payload: unknown = 1) =>
  account.call(
    'POST',
    `/events/${eventId}/invoke?${query}`,
    { payload },
    {
      bearer: account.account.appToken,
    },
  )

test("an external caller gets the function's own result", async () => {
  const uuid = await lambdas.deployed(ECHO)
  for (const payload of ['success', { a: [1, null] }, 5, null]) {
    const v1 = await lambdas.invoke(uuid, payload)
    const v2 = await lambdas.invoke(uuid, payload, '')
    expect([v1.status, v1.json(), v2.status, v2.json()]).toEqual([200, payload, 200, payload])
  }
})

test('ids with escapes in the path are those that they stand for', async () => {
  const uuid = await lambdas.deployed(ECHO)
  expect((await lambdas.invoke(escaped(uuid), 'asked')).text).toBe('"asked"')
  expect((await lambdas.invoke('%ff', 'asked')).status).toBe(400)
  const { accountId, appToken: bearer } = lambdas.account
  for (const account of [accountId, escaped(accountId)]) {
    const base = `/api/account/${account}/events/${escaped(NEW_CONVERSATION)}`
    const implemented = await server.request('GET', `${base}/isImplemented?v=1`, { bearer })
    const raised = await server.request('POST', `${base}/invoke?v=1`, { bearer, body: {} })
    expect([implemented.status, raised.status]).toEqual([200, 200])
  }
})

test('ids may be in upper case wherever functions, deployments and schedules are named', async () => {
  const uuid = await lambdas.deployed(ECHO)
  const upper = uuid.toUpperCase()
  expect((await lambdas.invoke(upper, 'asked')).text).toBe('"asked"')
  const orchestrated = await lambdas.invoke(upper, 2, 'v=1&externalSystem=orchestrator')
  expect(orchestrated.text).toBe('2')

  const { deployments } = (await lambdas.native('GET', `/functions/${upper}/deployments`)).json<{
    deployments: { deploymentId: string }[]
  }>()
  const back = `/functions/${upper}/deployments/${deployments[0]?.deploymentId.toUpperCase()}/rollback`
  expect((await lambdas.native('POST', back)).json()).toMatchObject({ functionId: uuid })

  const cronExpression = '0 * * * *'
  const v1 = await lambdas.call('POST', '/schedules?v=1', { lambdaUUID: upper, cronExpression })
  expect(v1.json()).toMatchObject({ lambdaUUID: uuid })
  const own = await lambdas.native('POST', '/schedules', { functionId: upper, cronExpression })
  expect(own.json()).toMatchObject({ functionId: uuid })
})

test('a function that returns nothing answers null', async () => {
  const uuid = await lambdas.deployed('const lambda = (input, callback) => callback(null)')
  expect((await lambdas.invoke(uuid, {})).text).toBe('null')
})

test('a user who names no external system gets the result and all logs', async () => {
  const uuid = await lambdas.deployed(
    `function lambda(input, callback) { console.debug('seen', { a: 1 }); callback(null, 'done') }`,
  )
  const reply = await lambdas.call('POST', `/lambdas/${uuid}/invoke?userId=1&v=1`, { payload: {} })
  expect(reply.json()).toEqual({
    result: 'done',
    logs: [{ level: 'Debug', message: 'seen', extras: [{ a: 1 }], timestamp: expect.any(Number) }],
  })
})

test('the answer to a failed test has its logs', async () => {
  const uuid = await lambdas.deployed(
    `function lambda(input, callback) { console.info('before'); callback(new Error('no')) }`,
  )
  const reply = await lambdas.call('POST', `/lambdas/${uuid}/invoke?userId=1&v=1`, { payload: {} })
  expect(reply.status).toBe(901)
  expect(reply.json()).toMatchObject({ errorMsg: 'no' })
  expect(reply.text).toContain('before')
})

test('an event runs all its functions in order, and the first failure ends the chain', async () => {
  const account = lambdasOf(server, await server.anotherAccount())
  const event = { eventId: 'conversational_command' }
  const first = await account.deployed(`const lambda = () => 'one'`, event)
  await account.deployed(`const lambda = () => 'two'`, event)

  const v1 = await raise(account, event.eventId, 'v=1&skillId=')
  expect(v1.json()).toEqual([
    { uuid: first, timestamp: expect.any(String), result: 'one' },
    { uuid: expect.any(String), timestamp: expect.any(String), result: 'two' },
  ])
  const v2 = await raise(account, event.eventId, '')
  expect([v2.status, v2.json()]).toEqual([202, ['one', 'two']])

  await account.deployed(`const lambda = () => { throw new Error('three') }`, event)
  await account.deployed(`const lambda = () => 'four'`, event)
  expect((await raise(account, event.eventId, 'v=1')).json()).toEqual({
    errorCode: 'com.liveperson.faas.handler.custom-failure',
    errorMsg: 'three',
  })
  const { invocations } = (await account.native('GET', '/invocations')).json<{
    invocations: { functionName: string }[]
  }>()
  expect(invocations).toHaveLength(7)
})

test('an event with a skill runs the function of that skill, else the one without skills', async () => {
  const account = lambdasOf(server, await server.anotherAccount())
  const none = await raise(account, NEW_CONVERSATION, 'v=1&skillId=1001')
  expect([none.status, none.json()]).toEqual([200, []])

  await account.deployed(`const lambda = () => 'special'`, {
    eventId: NEW_CONVERSATION,
    skills: ['1001'],
  })
  expect((await raise(account, NEW_CONVERSATION, 'skillId=1001')).json()).toEqual(['special'])
  expect((await raise(account, NEW_CONVERSATION, 'skillId=7')).status).toBe(404)

  await account.deployed(`const lambda = () => 'default'`, { eventId: NEW_CONVERSATION })
  expect((await raise(account, NEW_CONVERSATION, 'skillId=7')).json()).toEqual(['default'])
  expect((await raise(account, NEW_CONVERSATION, 'skillId=1001')).json()).toEqual(['special'])
})

test('a skill that cannot be stored is refused', async () => {
  const uuid = await lambdas.deployed(ECHO)
  const reply = await lambdas.call('POST', `/lambdas/${uuid}/invoke?v=1&skillId=%00`, {
    payload: 1,
  })
  expect(reply.status).toBe(400)
})

test('no function implements an unknown event', async () => {
  const reply = await lambdas.call('GET', '/events/whatever/isImplemented?v=1&skillId=')
  expect([reply.status, reply.json()]).toEqual([200, { implemented: false }])
})

test('a malformed body is refused with the name of the field', async () => {
  const uuid = await lambdas.deployed(ECHO)
  const send = (body: unknown) =>
    lambdas.call('POST', `/lambdas/${uuid}/invoke?v=1`, body, {
      bearer: lambdas.account.appToken,
    })
  for (const [body, hint] of [
    ['{"payload":', 'JSON'],
    [{ timestamp: 1 }, 'payload'],
    [{ payload: 1, headers: 'x' }, 'headers'],
    [{ payload: 1, timestamp: 'now' }, 'timestamp'],
    ['[]', 'payload'],
    [Buffer.from('{"payload":"\u00ff"}', 'latin1'), 'UTF-8'],
  ] as const) {
    const reply = await send(body)
    expect(reply.status).toBe(400)
    expect(reply.json()).toEqual({
      errorCode: 'com.liveperson.faas.es.badinput',
      errorMsg: expect.stringContaining(hint),
    })
  }
})

test('an oversized body is refused before it is read', async () => {
  const uuid = await lambdas.deployed(ECHO)
  const reply = await lambdas.invoke(uuid, 'x'.repeat(1_100_000))
  expect(reply.status).toBe(413)
})

test('a request that is repeated with its X-Request-ID runs once, unless it failed', async () => {
  const uuid = await lambdas.deployed(`let count = 0; const lambda = () => ++count`)
  const send = (requestId: string, payload: unknown = 1) =>
    lambdas.call(
      'POST',
      `/lambdas/${uuid}/invoke?v=1`,
      { payload },
      {
        bearer: lambdas.account.appToken,
        headers: { 'x-request-id': requestId },
      },
    )
  const [one, same] = await Promise.all([send('r1'), send('r1')])
  expect([one.text, same.text]).toEqual(['1', '1'])
  expect((await send('r1')).text).toBe('1')
  expect((await send('r1', 'another body')).text).toBe('2')
  expect((await send('r2')).text).toBe('3')
  await server.clock.advance(61_000)
  expect((await send('r1')).text).toBe('4')

  const failing = await lambdas.deployed(
    `let calls = 0; const lambda = () => { calls++; if (calls === 1) throw new Error('first'); return calls }`,
  )
  const retry = () =>
    lambdas.call(
      'POST',
      `/lambdas/${failing}/invoke?v=1`,
      { payload: 1 },
      {
        bearer: lambdas.account.appToken,
        headers: { 'x-request-id': 'r3' },
      },
    )
  expect((await retry()).status).toBe(901)
  expect((await retry()).text).toBe('2')
})

test('an invocation over the rate limit of the account gets 429 with Retry-After', async () => {
  const account = lambdasOf(server, await server.anotherAccount())
  const uuid = await account.deployed(ECHO)
  await account.native('PATCH', '/settings', { limits: { invocationsPerSecond: 1 } })

  const replies = await Promise.all(Array.from({ length: 12 }, () => account.invoke(uuid, 1)))

  const refused = replies.filter(({ status }) => status === 429)
  expect(refused.length).toBeGreaterThan(0)
  expect(refused[0]?.headers['retry-after']).toBe('1')
})

test('a call for which no instance becomes free in time gets 429 with Retry-After', async () => {
  await using busy = await startTestServer({ env: { PARLEY_OVERLOAD_MS: '60000' } })
  const account = lambdasOf(busy)
  const uuid = await account.deployed('const lambda = () => new Promise(() => {})')
  const { sandbox } = busy.context
  const agent = new Agent({ connect: { timeout: 0 } })
  const path = `/api/account/${busy.accountId}/lambdas/${uuid}/invoke?v=1&externalSystem=x`
  const sent = { bearer: busy.appToken, body: { payload: 1 } }
  // More than all instances of a function take at once.
  const calls = Array.from({ length: 850 }, () => sendRequest(agent, busy.url, 'POST', path, sent))
  const ended = Promise.allSettled(calls)
  await expect.poll(() => sandbox.stats().queued).toBeGreaterThan(0)
  busy.leap(11_000)

  const late = await Promise.race(calls)

  expect([late.status, late.headers['retry-after'], late.text]).toEqual([
    429,
    '1',
    expect.stringContaining('No instance became free in time'),
  ])
  await agent.destroy()
  await ended
})

test('no function is invoked while functions are switched off', async () => {
  const account = lambdasOf(server, await server.anotherAccount())
  const event = { eventId: 'conversational_command' }
  const uuid = await account.deployed(ECHO, event)
  await account.native('PATCH', '/settings', { functionsEnabled: false })
  expect((await account.invoke(uuid, 1)).status).toBe(403)
  for (const target of ['deployed', 'draft']) {
    const test = { target, payload: 1 }
    expect((await account.native('POST', `/functions/${uuid}/test`, test)).status).toBe(403)
  }
  expect((await account.call('GET', `/events/${event.eventId}/isImplemented?v=1`)).json()).toEqual({
    implemented: false,
  })
})

test('no request fails during a deployment', async () => {
  const uuid = await lambdas.deployed('const lambda = async () => 1')
  const statuses = new Set<number>()
  let isDone = false
  const calling = Promise.all(
    Array.from({ length: 4 }, async () => {
      while (!isDone) statuses.add((await lambdas.invoke(uuid, {})).status)
    }),
  )
  for (let version = 2; version <= 4; version++) {
    const code = `const lambda = async () => ${version}`
    await lambdas.call('PUT', `/lambdas/${uuid}?v=1`, { implementation: { code } })
    await lambdas.deploy(uuid)
    expect((await lambdas.invoke(uuid, {})).text).toBe(String(version))
  }
  isDone = true
  await calling
  expect([...statuses]).toEqual([200])
})
