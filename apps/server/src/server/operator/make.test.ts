import type { AuditEntry, FunctionSummary, OperatedAccount, OperatorEntry } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startDoomedNode, startTestServer, type TestServer } from '#testing'
import { asOperator, OPERATOR_KEY, WITH_OPERATOR } from './operator.fixture.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({
    env: { ...WITH_OPERATOR, PARLEY_TRUSTED_PROXIES: '127.0.0.1' },
  })
})
afterAll(() => server[Symbol.asyncDispose]())

const PASSWORD = 'a long pass phrase'
const draft = (accountId: string, more: object = {}) => ({
  accountId,
  admin: { loginName: 'ada', password: PASSWORD },
  ...more,
})

async function logIn(accountId: string, loginName: string, password: string) {
  return server.request('POST', `/api/v1/accounts/${accountId}/sessions`, {
    body: { loginName, password },
  })
}

test('without a key there is no operator', async () => {
  await using plain = await startTestServer()
  for (const [method, path] of [
    ['GET', 'accounts'],
    ['POST', 'accounts'],
    ['GET', 'entries'],
  ] as const) {
    const { status } = await asOperator(plain)(method, path, method === 'POST' ? {} : undefined)
    expect([path, status]).toEqual([path, 404])
  }
  const api = await plain.request('GET', '/api/v1/openapi.json')
  expect(api.text).not.toContain('/operator/')
})

test('an account is made with its administrator, its skills and its sample function', async () => {
  const ask = asOperator(server)
  const made = await ask('POST', 'accounts', draft('shop_1', { name: 'The shop' }), {
    headers: { 'x-forwarded-for': '198.51.100.7' },
  })
  expect([made.status, made.text]).toEqual([201, expect.any(String)])
  expect(made.json()).toMatchObject({
    accountId: 'shop_1',
    name: 'The shop',
    state: 'active',
    admin: { user: 'ada', password: PASSWORD },
  })
  const session = await logIn('shop_1', 'ada', PASSWORD)
  expect(session.status).toBe(201)
  const { bearer } = session.json<{ bearer: string }>()
  const get = async <T>(path: string) =>
    (await server.request('GET', `/api/v1/accounts/shop_1/${path}`, { bearer })).json<T>()
  await server.clock.advance(0)
  const { functions } = await get<{ functions: FunctionSummary[] }>('functions')
  expect(functions).toMatchObject([{ name: 'greeting', state: 'Productive' }])
  expect(await get('skills')).toMatchObject({ skills: [{ skillId: '1001' }, { skillId: '1002' }] })
  const { entries } = await get<{ entries: AuditEntry[] }>('audit?action=account.created')
  const noted = {
    address: '198.51.100.7',
    via: expect.stringMatching(/^operator-key:[0-9a-f]{8}$/),
  }
  expect(entries).toMatchObject([{ actor: 'operator', object: 'account:shop_1', ...noted }])
  const own = await ask('GET', 'entries?accountId=shop_1')
  expect(own.json<{ entries: OperatorEntry[] }>().entries).toMatchObject([
    { action: 'account.created', accountId: 'shop_1', ...noted },
  ])
  expect(JSON.stringify([entries, own.text])).not.toContain(PASSWORD)
})

test('a password is generated where none is given, and shown once', async () => {
  const ask = asOperator(server)
  const made = await ask('POST', 'accounts', { accountId: 'quiet', admin: { loginName: 'ada' } })
  const { admin } = made.json<{ admin: { user: string; password: string } }>()
  expect(admin.password.length).toBeGreaterThanOrEqual(12)
  expect((await logIn('quiet', admin.user, admin.password)).status).toBe(201)
})

test('what breaks a rule is refused with the field, and leaves no account', async () => {
  const ask = asOperator(server)
  const wrong: [string, object][] = [
    ['body.accountId', draft('not an id')],
    ['body.accountId', draft('x'.repeat(33))],
    ['body.admin.loginName', { accountId: 'odd', admin: { loginName: 'a b' } }],
    ['body.admin.password', { accountId: 'odd', admin: { loginName: 'a', password: 'short' } }],
    [
      'body.admin.password',
      { accountId: 'odd', admin: { loginName: 'a', password: 'password1234' } },
    ],
    ['body.name', draft('odd', { name: 'x'.repeat(256) })],
    ['body.admin', { accountId: 'odd' }],
    ['body.colour', draft('odd', { colour: 'red' })],
  ]
  for (const [field, body] of wrong) {
    const reply = await ask('POST', 'accounts', body)
    expect([field, reply.status]).toEqual([field, 400])
    expect(reply.text).toContain(field)
  }
  expect((await ask('GET', 'accounts')).text).not.toContain('"odd"')
})

test('an account that exists is not made again, many times at once neither', async () => {
  const ask = asOperator(server)
  const replies = await Promise.all(
    Array.from({ length: 5 }, () => ask('POST', 'accounts', draft('once'))),
  )
  expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
    201, 409, 409, 409, 409,
  ])
  const again = await ask('POST', 'accounts', draft('once'))
  expect(again.json()).toEqual({
    error: { code: 'conflict', message: 'There is an account "once" already' },
  })
  await server.clock.advance(0)
})

test('a lost password of one of several administrators is set, and noted where the account and the operator look', async () => {
  const ask = asOperator(server)
  await ask('POST', 'accounts', draft('two'))
  const { bearer } = (await logIn('two', 'ada', PASSWORD)).json<{ bearer: string }>()
  await server.request('POST', '/api/v1/accounts/two/users', {
    bearer,
    body: { loginName: 'Bob', role: 'administrator', password: PASSWORD },
  })
  const unclear = await ask('PUT', 'accounts/two/admin-password', {})
  expect(unclear.status).toBe(409)
  expect(unclear.text).toContain('say whose password, of Bob, ada')
  await ask('PUT', 'accounts/two/suspension', {})
  const set = await ask('PUT', 'accounts/two/admin-password', { loginName: 'bob' })
  await ask('DELETE', 'accounts/two/suspension')
  const { admin } = set.json<{ admin: { user: string; password: string } }>()
  expect([set.status, admin.user]).toEqual([200, 'Bob'])
  expect((await logIn('two', 'Bob', PASSWORD)).status).toBe(401)
  expect((await logIn('two', 'Bob', admin.password)).status).toBe(201)
  const noted = await server.request('GET', '/api/v1/accounts/two/audit?action=user.changed', {
    bearer: (await logIn('two', 'ada', PASSWORD)).json<{ bearer: string }>().bearer,
  })
  const { entries } = noted.json<{ entries: AuditEntry[] }>()
  expect(entries).toMatchObject([
    { actor: 'operator', details: { password: 'changed' }, via: expect.any(String) },
  ])
  const own = await ask('GET', 'entries?accountId=two&limit=2')
  expect(own.json<{ entries: OperatorEntry[] }>().entries).toMatchObject([
    { action: 'account.resumed' },
    { action: 'account.admin-password-set', details: { administrator: 'Bob' } },
  ])
  expect(noted.text + own.text).not.toContain(admin.password)
})

test('accounts are listed page by page', async () => {
  const ask = asOperator(server)
  for (const id of ['page_a', 'page_b', 'page_c']) await ask('POST', 'accounts', draft(id))
  const found: string[] = []
  let after: string | undefined
  do {
    const page = await ask('GET', `accounts?limit=2${after ? `&after=${after}` : ''}`)
    const { accounts, next } = page.json<{ accounts: OperatedAccount[]; next?: string }>()
    expect(accounts.length).toBeLessThanOrEqual(2)
    found.push(...accounts.map(({ accountId }) => accountId))
    after = next
  } while (after !== undefined)
  const whole = await ask('GET', 'accounts?limit=500')
  const all = whole.json<{ accounts: OperatedAccount[] }>().accounts
  expect(found).toEqual(all.map(({ accountId }) => accountId))
  expect(found).toEqual(expect.arrayContaining([server.accountId, 'page_a', 'page_b', 'page_c']))
})

test('only the right key is let in, and guesses are limited by address', async () => {
  const from = (address: string, bearer: string | undefined) =>
    server.request('GET', '/api/v1/operator/accounts', {
      headers: { 'x-forwarded-for': address },
      ...(bearer !== undefined && { bearer }),
    })
  for (const bearer of [
    undefined,
    '',
    'x',
    `${OPERATOR_KEY}x`,
    server.adminBearer,
    server.appToken,
  ]) {
    expect((await from('198.51.100.8', bearer)).status).toBe(401)
  }
  const statuses: number[] = []
  for (let guess = 0; guess < 12; guess++) {
    statuses.push((await from('198.51.100.9', `guess ${guess}`)).status)
  }
  expect(statuses.filter((status) => status === 401)).toHaveLength(10)
  expect(statuses.at(-1)).toBe(429)
  expect((await from('198.51.100.9', OPERATOR_KEY)).status).toBe(429)
  expect((await from('198.51.100.10', OPERATOR_KEY)).status).toBe(200)
})

test('an account that a killed node has made gets its sample function from another one', async () => {
  await using whole = await startTestServer({ clock: 'system', env: WITH_OPERATOR })
  await using doomed = await startDoomedNode(whole, WITH_OPERATOR)
  const made = await fetch(`${doomed.url()}/api/v1/operator/accounts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${OPERATOR_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(draft('orphan')),
  })
  await doomed.kill()
  expect(made.status).toBe(201)
  const { bearer } = (
    await whole.request('POST', '/api/v1/accounts/orphan/sessions', {
      body: { loginName: 'ada', password: PASSWORD },
    })
  ).json<{ bearer: string }>()
  const states = async () => {
    const { functions } = (
      await whole.request('GET', '/api/v1/accounts/orphan/functions', { bearer })
    ).json<{ functions: FunctionSummary[] }>()
    return functions.map(({ name, state }) => `${name} ${state}`)
  }
  await expect.poll(states).toEqual(['greeting Productive'])
})
