import { afterAll, expect, test } from 'vitest'
import { countWaiting, lockTable, startTestServer } from '#testing'

const server = await startTestServer()
afterAll(() => server[Symbol.asyncDispose]())

type Account = Awaited<ReturnType<typeof server.anotherAccount>>

const call = (
  { accountId }: Account,
  bearer: string,
  method: string,
  path: string,
  body?: unknown,
) =>
  server.request(method, `/api/v1/accounts/${accountId}/${path}`, {
    bearer,
    ...(body !== undefined && { body }),
  })

async function logIn(account: Account, password: string) {
  const reply = await call(account, '', 'POST', 'sessions', {
    loginName: account.agents[0].user,
    password,
  })
  return {
    status: reply.status,
    bearer: reply.status === 201 ? reply.json<{ bearer: string }>().bearer : '',
  }
}

test('users change their own password: it counts at once, and their other sessions end', async () => {
  const account = await server.anotherAccount()
  const { password } = account.agents[0]
  const [here, elsewhere] = [await logIn(account, password), await logIn(account, password)]
  const newPassword = 'seven wet umbrellas'

  const changed = await call(account, here.bearer, 'PUT', 'caller/password', {
    currentPassword: password,
    newPassword,
  })

  expect(changed.status).toBe(204)
  expect((await call(account, here.bearer, 'GET', 'caller')).status).toBe(200)
  await expect
    .poll(async () => (await call(account, elsewhere.bearer, 'GET', 'caller')).status)
    .toBe(401)
  expect((await logIn(account, password)).status).toBe(401)
  expect((await logIn(account, newPassword)).status).toBe(201)
  const audit = await call(account, account.adminBearer, 'GET', 'audit')
  expect(audit.text).toContain('changed by its user')
  expect(audit.text).not.toContain(newPassword)
})

test('a password is changed only with the current one, and only to a good one', async () => {
  const account = await server.anotherAccount()
  const { password } = account.agents[0]
  const { bearer } = await logIn(account, password)
  const change = (currentPassword: string, newPassword: string) =>
    call(account, bearer, 'PUT', 'caller/password', { currentPassword, newPassword })

  const short = await change(password, 'elevenchars')
  const common = await change(password, 'QwertyUiop12'.replace('Uiop12', '123456'))
  expect([short.status, common.status]).toEqual([400, 400])
  expect(short.text).toContain('body.newPassword: must have at least 12 characters')
  expect(common.text).toContain('body.newPassword: must not be one of the passwords')
  for (let time = 0; time < 10; time++) {
    expect((await change('a wrong password', 'seven wet umbrellas')).status).toBe(403)
  }
  expect((await change(password, 'seven wet umbrellas')).status).toBe(429)
  await server.clock.advance(60_000)
  expect((await change(password, 'seven wet umbrellas')).status).toBe(204)
})

test('a password that an administrator sets at the same moment stays', async () => {
  const account = await server.anotherAccount()
  const { user, password } = account.agents[0]
  const { bearer } = await logIn(account, password)
  const { db } = server.context.store
  const tx = await db.startTransaction().execute()
  await tx
    .updateTable('accountUser')
    .set({ passwordHash: 'of the administrator' })
    .where('accountId', '=', account.accountId)
    .where('loginName', '=', user)
    .execute()

  const changing = call(account, bearer, 'PUT', 'caller/password', {
    currentPassword: password,
    newPassword: 'seven wet umbrellas',
  })
  await expect.poll(() => countWaiting(server)).toBe(1)
  await tx.commit().execute()

  expect((await changing).status).toBe(409)
})

test('an application has no password', async () => {
  const reply = await server.request(
    'PUT',
    `/api/v1/accounts/${server.accountId}/caller/password`,
    {
      bearer: server.appToken,
      body: { currentPassword: 'x', newPassword: 'seven wet umbrellas' },
    },
  )
  expect(reply.status).toBe(403)
})

test.each<[string, (account: Account, ada: { bearer: string }) => Promise<{ status: number }>]>([
  [
    'by the user',
    (account, { bearer }) =>
      call(account, bearer, 'PUT', 'caller/password', {
        currentPassword: account.agents[0].password,
        newPassword: 'seven wet umbrellas',
      }),
  ],
  [
    'by an administrator',
    async (account) => {
      const { users } = (await call(account, account.adminBearer, 'GET', 'users')).json<{
        users: { userId: string; loginName: string }[]
      }>()
      const userId = users.find(({ loginName }) => loginName === account.agents[0].user)?.userId
      const change = { password: 'seven wet umbrellas' }
      return call(account, account.adminBearer, 'PATCH', `users/${userId}`, change)
    },
  ],
])(
  'a log-in with the old password leaves no session when it is changed meanwhile %s',
  async (_who, change) => {
    const account = await server.anotherAccount()
    const { password } = account.agents[0]
    const here = await logIn(account, password)
    // Who logs in has shown the password, and waits for its session.
    const lock = await lockTable(server, 'login_session', { for: 'writers' })
    const opening = logIn(account, password)
    await expect.poll(() => countWaiting(server)).toBe(1)
    const changing = change(account, here)
    await expect.poll(() => countWaiting(server)).toBe(2)

    await lock.free()

    expect((await changing).status).toBeLessThan(300)
    const { status, bearer } = await opening
    expect([201, 401]).toContain(status)
    expect((await call(account, bearer, 'GET', 'caller')).status).toBe(401)
  },
)
