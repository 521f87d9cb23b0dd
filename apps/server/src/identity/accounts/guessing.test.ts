import { afterAll, expect, test } from 'vitest'
import { startTestServer } from '#testing'

const server = await startTestServer({
  passwords: 'real',
  env: { PARLEY_TRUSTED_PROXIES: '127.0.0.1' },
})
afterAll(() => server[Symbol.asyncDispose]())

type Account = Awaited<ReturnType<typeof server.anotherAccount>>

interface LogIn {
  from: string
  user: string
  password: string
  cookie?: string
}

const logIn = ({ accountId }: Account, { from, user, password, cookie }: LogIn) =>
  server.request('POST', `/api/v1/accounts/${accountId}/sessions`, {
    body: { loginName: user, password },
    headers: { 'x-forwarded-for': from, ...(cookie !== undefined && { cookie }) },
  })

const addresses = (count: number) =>
  Array.from({ length: count }, (_, index) => `203.0.113.${index + 1}`)

/** The cookies that a browser keeps of an answer. */
const cookieOf = ({ headers }: { headers: Record<string, string | string[] | undefined> }) =>
  [headers['set-cookie'] ?? []]
    .flat()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')

test('a user on a known device logs in before most guesses of a hundred addresses were checked', async () => {
  const account = await server.anotherAccount()
  const { user, password } = account.admin
  const known = { from: '198.51.100.1', user, password }
  const cookie = cookieOf(await logIn(account, known))

  let checked = 0
  const guess = async (from: string) => {
    const answer = await logIn(account, { from, user, password: 'a wrong password' })
    if (answer.status === 401) checked += 1
    return answer
  }
  const guesses = addresses(100).flatMap((from) => Array.from({ length: 3 }, () => guess(from)))
  // Not by the connections of the guesses, which are all in use.
  const first = await fetch(`${server.url}/api/v1/accounts/${account.accountId}/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': known.from, cookie },
    body: JSON.stringify({ loginName: user, password }),
  })
  const checkedBefore = checked
  const statuses = (await Promise.all(guesses)).map(({ status }) => status)

  expect(first.status).toBe(201)
  expect(checkedBefore).toBeLessThan(25)
  // Fifty guesses at one name are checked, whoever makes them.
  expect(statuses.filter((status) => status === 401)).toHaveLength(50)
  // 503: on a slow machine some wait too long.
  expect(statuses.filter((status) => ![401, 429, 503].includes(status))).toEqual([])
  expect((await logIn(account, known)).status).toBe(429)
  const later = await logIn(account, { ...known, from: '198.51.100.2', cookie })
  expect(later.status).toBe(201)
})

test('invented names and many addresses use up the limit of their account, not that of others', async () => {
  const [account, other] = [await server.anotherAccount(), await server.anotherAccount()]

  const guesses = await Promise.all(
    addresses(50).flatMap((from, index) =>
      Array.from({ length: 5 }, (_, time) =>
        logIn(account, { from, user: `invented-${index}-${time}`, password: 'a wrong password' }),
      ),
    ),
  )

  const answered = (wanted: number) => guesses.filter(({ status }) => status === wanted).length
  expect(answered(401)).toBeLessThanOrEqual(200)
  expect(answered(401) + answered(429)).toBe(250)
  const stranger = { ...account.agents[0], from: '198.51.100.3' }
  if (answered(401) === 200) expect((await logIn(account, stranger)).status).toBe(429)
  expect((await logIn(other, { ...other.agents[0], from: '198.51.100.3' })).status).toBe(201)
})

test('names of any length are limited as others, and not kept', async () => {
  const account = await server.anotherAccount()
  const long = 'x'.repeat(60_000)
  const guess = (end: string) =>
    logIn(account, { from: '198.51.100.9', user: `${long}${end}`, password: 'a wrong password' })

  for (let time = 0; time < 10; time++) expect((await guess('one')).status).toBe(401)

  expect((await guess('one')).status).toBe(429)
  expect((await guess('ONE')).status).toBe(429)
  expect((await guess('other')).status).toBe(401)
})

test('an IPv6 network counts as one address', async () => {
  const account = await server.anotherAccount()
  const { user } = account.admin
  const guess = (from: string) => logIn(account, { from, user, password: 'a wrong password' })

  for (let host = 0; host < 10; host++) expect((await guess(`2001:db8::${host}`)).status).toBe(401)

  expect((await guess('2001:db8::ffff')).status).toBe(429)
  expect((await guess('2001:db8:0:1::1')).status).toBe(401)
})

test('a device is known for its user and account only, and may guess ten times', async () => {
  const [account, other] = [await server.anotherAccount(), await server.anotherAccount()]
  const from = '198.51.100.4'
  const cookie = cookieOf(await logIn(account, { ...account.agents[0], from }))
  const wrong = { from, password: 'a wrong password' }
  const { user } = account.agents[0]

  for (let time = 0; time < 10; time++) {
    expect((await logIn(account, { ...wrong, user, cookie })).status).toBe(401)
  }
  const eleventh = await logIn(account, { ...wrong, user, cookie })
  expect([eleventh.status, Number(eleventh.headers['retry-after']) > 0]).toEqual([429, true])

  // Without the cookie, with one that somebody changed, for another user and in another account it is unknown.
  const [proof = ''] = cookie.split('; ').filter((value) => value.startsWith('parley_device='))
  for (const [where, name, value] of [
    [account, user, `${proof.slice(0, -2)}xx`],
    [account, account.admin.user, cookie],
    [other, other.agents[0].user, cookie],
  ] as const) {
    const before = { ...wrong, from: '198.51.100.5', user: name, cookie: value }
    for (let time = 0; time < 10; time++) expect((await logIn(where, before)).status).toBe(401)
    expect((await logIn(where, before)).status).toBe(429)
    expect((await logIn(where, { ...before, from: '198.51.100.6' })).status).toBe(401)
    await server.clock.advance(60_000)
  }
})

test('a login that the database cannot answer is no failed attempt', async () => {
  const account = await server.anotherAccount()
  const login = { ...account.admin, from: '198.51.100.7' }
  const { db } = server.context.store
  await db.schema.alterTable('accountUser').renameTo('accountUserAway').execute()
  for (let time = 0; time < 12; time++) {
    expect(
      (await logIn(account, { ...login, password: 'a wrong password' })).status,
    ).toBeGreaterThanOrEqual(500)
  }
  await db.schema.alterTable('accountUserAway').renameTo('accountUser').execute()

  expect((await logIn(account, login)).status).toBe(201)
})

test('wrong secrets of applications and keys are limited for the address that sends them, and for no other', async () => {
  const { accountId, client, apiKey, adminBearer } = await server.anotherAccount()
  const bot = { loginName: 'bot', kind: 'bot' }
  await server.request('POST', `/api/v1/accounts/${accountId}/users`, {
    bearer: adminBearer,
    body: bot,
  })
  const headers = (from: string) => ({ 'x-forwarded-for': from })
  const token = (from: string, secret: string) =>
    server.request('POST', `/sentinel/api/account/${accountId}/app/token?v=2.0`, {
      headers: { ...headers(from), 'content-type': 'application/x-www-form-urlencoded' },
      body: `grant_type=client_credentials&client_id=${client.id}&client_secret=${secret}`,
    })
  const byKey = (from: string, secret: string) =>
    server.request('POST', `/api/account/${accountId}/login?v=1.3`, {
      headers: headers(from),
      body: { username: bot.loginName, ...apiKey, secret },
    })

  for (const [attempt, right] of [
    [token, client.secret],
    [byKey, apiKey.secret],
  ] as const) {
    for (const from of addresses(10)) {
      for (let time = 0; time < 10; time++) expect((await attempt(from, 'wrong')).status).toBe(401)
      expect((await attempt(from, right)).status).toBe(429)
    }
    const all = await Promise.all(Array.from({ length: 40 }, () => attempt('198.51.100.9', right)))
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200]))
    await server.clock.advance(60_000)
  }
})
