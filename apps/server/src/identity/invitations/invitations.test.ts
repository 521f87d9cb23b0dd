import { afterAll, expect, test } from 'vitest'
import { startTestServer } from '#testing'

const server = await startTestServer({ env: { PARLEY_TRUSTED_PROXIES: '127.0.0.1' } })
afterAll(() => server[Symbol.asyncDispose]())

const HOUR_MS = 3_600_000
const PASSWORD = 'seven wet umbrellas'

/** Each test asks from an address of its own: failures count by address. */
let addresses = 0

async function invitedScene() {
  const account = await server.anotherAccount()
  const address = `198.51.100.${++addresses}`
  const base = `/api/v1/accounts/${account.accountId}`
  const ask = (method: string, path: string, body?: unknown, bearer?: string) =>
    server.request(method, `${base}/${path}`, {
      headers: { 'x-forwarded-for': address },
      ...(bearer !== undefined && { bearer }),
      ...(body !== undefined && { body }),
    })
  const admin = (method: string, path: string, body?: unknown) =>
    ask(method, path, body, account.adminBearer)
  const made = await admin('POST', 'users', { loginName: 'grace', nickname: 'Grace' })
  const { userId } = made.json<{ userId: string }>()
  const invite = async (body: object = {}) => {
    const invited = await admin('POST', `users/${userId}/invitation`, body)
    expect(invited.status).toBe(201)
    return invited.json<{ token: string; expiresAt: string }>()
  }
  const take = (token: string, password = PASSWORD) =>
    ask('POST', 'invitation/password', { token, password })
  const logIn = (password = PASSWORD) => ask('POST', 'sessions', { loginName: 'grace', password })
  return { account, ask, admin, userId, invite, take, logIn }
}

test('who is invited reads for whom it is, sets a password once, and logs in with it', async () => {
  const { ask, admin, invite, take, logIn, userId } = await invitedScene()
  await admin('PATCH', 'settings', { accountName: 'Acme Shop' })
  const { token, expiresAt } = await invite()
  expect((await admin('GET', 'invitations')).json()).toMatchObject({
    invitations: [{ userId, expiresAt }],
  })

  const read = await ask('POST', 'invitation', { token })
  expect(read.json()).toEqual({
    loginName: 'grace',
    nickname: 'Grace',
    accountName: 'Acme Shop',
    expiresAt,
  })
  const refused = await take(token, 'short')
  expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('body.password')])
  const both = await Promise.all([take(token), take(token, 'eight dry umbrellas')])

  expect(new Set(both.map(({ status }) => status))).toEqual(new Set([200, 404]))
  const winner = both[0].status === 200 ? PASSWORD : 'eight dry umbrellas'
  expect((await logIn(winner)).status).toBe(201)
  expect((await take(token)).status).toBe(404)
  expect((await admin('GET', 'invitations')).json()).toEqual({ invitations: [] })
  const audit = await admin('GET', `audit?object=user:${userId}`)
  expect(audit.text).toContain('user.invited')
  expect(audit.text).toContain('user.invitation-taken')
  expect(audit.text).not.toContain(token)
})

test('an invitation ends by its time, by a newer one, by hand, and with what ends the sessions of its user', async () => {
  const { admin, invite, take, userId } = await invitedScene()
  const ends: (() => Promise<unknown>)[] = [
    () => server.clock.advance(2 * HOUR_MS),
    () => invite(),
    () => admin('DELETE', `users/${userId}/invitation`),
    () => admin('PATCH', `users/${userId}`, { password: 'nine dry umbrellas' }),
    () => admin('PATCH', `users/${userId}`, { role: 'auditor' }),
    () => admin('PATCH', `users/${userId}`, { enabled: false }),
  ]
  for (const end of ends) {
    const { token } = await invite({ hours: 1 })
    await end()
    expect((await take(token)).status).toBe(404)
  }
  expect((await admin('DELETE', `users/${userId}/invitation`)).status).toBe(404)
  const disabled = await admin('POST', `users/${userId}/invitation`, {})
  expect([disabled.status, disabled.text]).toEqual([409, expect.stringContaining('disabled')])
})

test('an invitation ends when its user gets rights that whoever made it may lack, and stays when it loses some', async () => {
  const { admin, invite, take, userId } = await invitedScene()
  const change = (body: object) => admin('PATCH', `users/${userId}`, body)
  await change({ role: 'administrator', profiles: ['FaaS-Invocation'] })
  const { token } = await invite()

  await change({ profiles: ['FaaS-Invocation'], nickname: 'Amazing Grace' })
  await change({ profiles: [] })
  expect((await admin('GET', 'invitations')).json()).toMatchObject({ invitations: [{ userId }] })
  await change({ profiles: ['FaaS-Admin'] })

  expect((await admin('GET', 'invitations')).json()).toEqual({ invitations: [] })
  expect((await take(token)).status).toBe(404)
})

test('bad invitations are refused with the field, and guessing is limited', async () => {
  const { ask, admin, invite, take, userId } = await invitedScene()
  const { token } = await invite()
  const long = await admin('POST', `users/${userId}/invitation`, { hours: 169 })
  expect([long.status, long.text]).toEqual([400, expect.stringContaining('body.hours')])
  const bot = await admin('POST', 'users', { loginName: 'robot', kind: 'bot' })
  const ofBot = await admin('POST', `users/${bot.json<{ userId: string }>().userId}/invitation`, {})
  expect([ofBot.status, ofBot.text]).toEqual([409, expect.stringContaining('is a bot')])
  expect((await admin('POST', 'users/999999/invitation', {})).status).toBe(404)
  const odd = await ask('POST', 'invitation', { token: 'x'.repeat(101) })
  expect([odd.status, odd.text]).toEqual([400, expect.stringContaining('body.token')])

  for (let time = 0; time < 10; time++) {
    expect((await ask('POST', 'invitation', { token: `guess-${time}` })).status).toBe(404)
  }
  expect((await take(token)).status).toBe(429)
  await server.clock.advance(60_000)
  expect((await take(token)).status).toBe(200)
})

test('who lacks a right cannot invite somebody who has it, and no account knows the links of another', async () => {
  const { account, ask, admin, invite } = await invitedScene()
  const other = await invitedScene()
  const { token } = await invite()
  expect((await other.take(token)).status).toBe(404)
  await admin('POST', 'users', {
    loginName: 'second',
    password: PASSWORD,
    role: 'administrator',
    profiles: [],
  })
  const second = await ask('POST', 'sessions', { loginName: 'second', password: PASSWORD })
  const { bearer } = second.json<{ bearer: string }>()
  const { users } = (await admin('GET', 'users')).json<{
    users: { userId: string; loginName: string }[]
  }>()
  const first = users.find(({ loginName }) => loginName === account.admin.user)
  const refused = await ask('POST', `users/${first?.userId}/invitation`, {}, bearer)
  expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('function:write')])
})
