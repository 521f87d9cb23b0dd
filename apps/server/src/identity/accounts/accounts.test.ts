import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { startTestServer } from '#testing'

const server = await startTestServer({ nodes: 2 })
afterAll(() => server[Symbol.asyncDispose]())

type Account = Awaited<ReturnType<typeof server.anotherAccount>>

/** The native API as an administrator of the account. */
const api = (account: Account) => (method: string, path: string, body?: unknown) =>
  server.request(method, `/api/v1/accounts/${account.accountId}/${path}`, {
    bearer: account.adminBearer,
    ...(body !== undefined && { body }),
  })

async function bearerOf(account: Account, loginName: string, password: string): Promise<string> {
  const reply = await server.request('POST', `/api/v1/accounts/${account.accountId}/sessions`, {
    body: { loginName, password },
  })
  return reply.json<{ bearer: string }>().bearer
}

const permissionsOf = async (account: Account, bearer: string) => {
  const reply = await server.request('GET', `/api/v1/accounts/${account.accountId}/caller`, {
    bearer,
  })
  return reply.json<{ permissions: string[] }>().permissions
}

/** The status, and the members of the request that are refused. */
function refusalOf(reply: Awaited<ReturnType<typeof server.request>>): unknown[] {
  const { error } = reply.json<{ error: { details?: { path: string }[] } }>()
  return [reply.status, ...(error.details ?? []).map(({ path }) => path)]
}

test('a new user logs in, has the rights of the role, and takes part in skills', async () => {
  const account = await server.anotherAccount()
  const call = api(account)
  const skill = await call('POST', 'skills', { name: 'Billing' })
  const { skillId } = skill.json<{ skillId: string }>()

  const created = await call('POST', 'users', {
    loginName: 'grace',
    password: 'a good password',
    role: 'agent-manager',
    profiles: ['FaaS-Developer'],
    skillIds: [skillId, account.skillIds[0]],
    maxSlots: 3,
  })

  expect(created.status).toBe(201)
  expect(created.json()).toMatchObject({
    kind: 'human',
    nickname: 'grace',
    maxSlots: 3,
    enabled: true,
  })
  const permissions = await permissionsOf(
    account,
    await bearerOf(account, 'grace', 'a good password'),
  )
  expect(permissions).toEqual(expect.arrayContaining(['function:write', 'conversation:manage']))
  expect(permissions).not.toContain('account:write')
  const list = await call('GET', 'users')
  const grace = list
    .json<{ users: { loginName: string; skillIds: string[] }[] }>()
    .users.find(({ loginName }) => loginName === 'grace')
  expect(new Set(grace?.skillIds)).toEqual(new Set([account.skillIds[0], skillId]))
})

test('users that break a rule are refused with the field and the rule', async () => {
  const account = await server.anotherAccount()
  const call = api(account)

  const taken = await call('POST', 'users', { loginName: account.admin.user.toUpperCase() })
  const short = await call('POST', 'users', { loginName: 'short', password: '1234567' })
  const profile = await call('POST', 'users', { loginName: 'x', profiles: ['FaaS-Admin'] })
  const skill = await call('POST', 'users', { loginName: 'y', skillIds: ['99'] })
  const role = await call('POST', 'users', { loginName: 'z', role: 'king' })

  expect([taken, short, profile, skill, role].map(refusalOf)).toEqual([
    [409, 'body.loginName'],
    [400, 'body.password'],
    [400, 'body.profiles'],
    [400, 'body.skillIds'],
    [400, 'body.role'],
  ])
  expect(profile.text).toContain(
    'a user of the role agent cannot have FaaS-Admin, but one of administrator, agent-manager',
  )
  expect(taken.text).toContain(`the login name \\"${account.admin.user.toUpperCase()}\\" is taken`)
})

test('a new password, another role and disabling end the sessions of a user on every node', async () => {
  const account = await server.anotherAccount()
  const call = api(account)
  const made = await call('POST', 'users', { loginName: 'ada', password: 'first password' })
  const { userId } = made.json<{ userId: string }>()
  const statusOn = async (url: string, bearer: string) => {
    const path = `${url}/api/v1/accounts/${account.accountId}/caller`
    return (await fetch(path, { headers: { authorization: `Bearer ${bearer}` } })).status
  }
  let password = 'first password'

  for (const change of [
    { password: 'second password' },
    { role: 'administrator' },
    { enabled: false },
  ]) {
    const bearer = await bearerOf(account, 'ada', password)
    for (const url of server.urls) expect(await statusOn(url, bearer)).toBe(200)
    expect((await call('PATCH', `users/${userId}`, change)).status).toBe(200)
    for (const url of server.urls) await expect.poll(() => statusOn(url, bearer)).toBe(401)
    password = change.password ?? password
  }
  const disabled = await server.request('POST', `/api/v1/accounts/${account.accountId}/sessions`, {
    body: { loginName: 'ada', password },
  })
  expect(disabled.status).toBe(401)
})

test('an administrator logs a user out everywhere, which is noted; the user may come back', async () => {
  const account = await server.anotherAccount()
  const call = api(account)
  const [agent] = account.agents
  const bearer = await bearerOf(account, agent.user, agent.password)
  const { users } = (await call('GET', 'users')).json<{
    users: { userId: string; loginName: string; role: string }[]
  }>()
  const path = `users/${users.find(({ loginName }) => loginName === agent.user)?.userId}/sessions`
  const isIn = async (url: string) => {
    const caller = `${url}/api/v1/accounts/${account.accountId}/caller`
    return (await fetch(caller, { headers: { authorization: `Bearer ${bearer}` } })).ok
  }
  for (const url of server.urls) expect(await isIn(url)).toBe(true)

  expect((await call('DELETE', path)).status).toBe(204)

  for (const url of server.urls) await expect.poll(() => isIn(url)).toBe(false)
  expect((await call('GET', 'audit?action=user.logged-out')).text).toContain(agent.user)
  expect((await call('DELETE', 'users/999999/sessions')).status).toBe(404)
  const again = await bearerOf(account, agent.user, agent.password)
  const admin = users.find(({ role }) => role === 'administrator')
  const refused = await server.request(
    'DELETE',
    `/api/v1/accounts/${account.accountId}/users/${admin?.userId}/sessions`,
    { bearer: again },
  )
  expect(refused.status).toBe(403)
})

test('the last administrator stays', async () => {
  const account = await server.anotherAccount()
  const call = api(account)
  const users = (await call('GET', 'users')).json<{ users: { userId: string; role: string }[] }>()
    .users
  const admin = users.find(({ role }) => role === 'administrator')

  expect((await call('DELETE', `users/${admin?.userId}`)).status).toBe(409)
  expect(
    (await call('PATCH', `users/${admin?.userId}`, { role: 'agent', profiles: [] })).status,
  ).toBe(409)
  expect((await call('PATCH', `users/${admin?.userId}`, { enabled: false })).status).toBe(409)
  expect((await call('GET', 'users')).status).toBe(200)
})

test('an agent cannot administrate, and nobody another account', async () => {
  const account = await server.anotherAccount()
  const other = await server.anotherAccount()
  const [agent] = account.agents
  const bearer = await bearerOf(account, agent.user, agent.password)
  const users = `/api/v1/accounts/${account.accountId}/users`

  expect((await server.request('GET', users, { bearer })).status).toBe(200)
  expect((await server.request('POST', users, { bearer, body: { loginName: 'q' } })).status).toBe(
    403,
  )
  expect((await server.request('GET', users, { bearer: other.adminBearer })).status).toBe(401)
  expect((await server.request('GET', users)).status).toBe(401)
  expect((await api(account)('GET', 'users/999999')).status).toBe(404)
  const zero = await server.request('GET', '/api/v1/accounts/%00/users', { bearer })
  expect(zero.status).toBe(400)
})

test('skills are made, renamed and deleted, and leave their users', async () => {
  const account = await server.anotherAccount()
  const call = api(account)
  const made = await call('POST', 'skills', {
    skillId: '5001',
    name: 'Returns',
    description: 'What comes back',
  })
  const next = await call('POST', 'skills', { name: 'Refunds' })
  const user = await call('POST', 'users', { loginName: 'u', skillIds: ['5001'] })

  const renamed = await call('PATCH', 'skills/5001', { name: 'Give backs' })
  const taken = await call('PATCH', 'skills/5001', { name: 'refunds' })
  const double = await call('POST', 'skills', { name: 'GIVE backs' })
  const sameId = await call('POST', 'skills', { skillId: '5001', name: 'Gifts' })
  const gone = await call('DELETE', 'skills/5001')
  const again = await call('DELETE', 'skills/5001')

  expect([made, next, renamed, taken, gone, again].map(({ status }) => status)).toEqual([
    201, 201, 200, 409, 204, 404,
  ])
  expect([taken, double, sameId].map(refusalOf)).toEqual([
    [409, 'body.name'],
    [409, 'body.name'],
    [409, 'body.skillId'],
  ])
  expect(next.json()).toMatchObject({ skillId: '5002' })
  expect(renamed.json()).toMatchObject({ name: 'Give backs', description: 'What comes back' })
  const { userId } = user.json<{ userId: string }>()
  expect((await call('GET', `users/${userId}`)).json()).toMatchObject({ skillIds: [] })
})

test('settings have documented defaults, are changed one by one, and are in force on every node', async () => {
  const account = await server.anotherAccount()
  const call = api(account)
  const onOther = () => server.contexts[1]?.settings.get(account.accountId)
  expect(await onOther()).toMatchObject({
    functionsEnabled: true,
    dialect: 'v1',
    limits: { logEntries: 10, logCharacters: 6000, functions: 1_000_000 },
  })

  await call('PATCH', 'settings', { limits: { logEntries: 3, functions: 50 } })
  const changed = await call('PATCH', 'settings', {
    functionsEnabled: false,
    limits: { functions: null },
  })

  expect(changed.json()).toMatchObject({
    functionsEnabled: false,
    limits: { logEntries: 3, functions: 1_000_000, logCharacters: 6000 },
  })
  await expect.poll(async () => (await onOther())?.functionsEnabled).toBe(false)
  const back = await call('PATCH', 'settings', { limits: { logEntries: null } })
  expect(back.json()).toMatchObject({ limits: { logEntries: 10 } })
})

test.each([
  [{ dialect: 'v3' }, 'body.dialect'],
  [{ limits: { logEntries: -1 } }, 'body.limits.logEntries'],
  [{ limits: { logEntries: 1_001 } }, 'body.limits.logEntries'],
  [{ limits: { logCharacters: 40_001 } }, 'body.limits.logCharacters'],
  [{ limits: { logEntrys: 1 } }, 'body.limits.logEntrys'],
  [{ nothing: true }, 'body.nothing'],
  [{ limits: 'many' }, 'body.limits'],
  [{ timeZone: 'Mars/Olympus' }, 'body.timeZone'],
])('the settings %j are refused with the name of the field', async (settings, field) => {
  const reply = await api(server)('PATCH', 'settings', settings)

  expect(reply.status).toBe(400)
  expect(reply.text).toContain(field)
})

test('who changed what is in the audit, by page and by actor, without secrets', async () => {
  const account = await server.anotherAccount()
  const call = api(account)
  for (const name of ['One', 'Two', 'Three']) await call('POST', 'skills', { name })
  await call('POST', 'users', { loginName: 'eve', password: 'very secret thing' })

  const pages: { entries: { action: string; actor: string }[]; next?: string }[] = []
  do {
    const after = pages.at(-1)?.next
    const path = `audit?actor=${account.admin.user}&limit=2${after === undefined ? '' : `&after=${after}`}`
    pages.push((await call('GET', path)).json())
  } while (pages.at(-1)?.next !== undefined)

  expect(pages.slice(0, -1).every(({ entries }) => entries.length === 2)).toBe(true)
  const actions = pages.flatMap(({ entries }) => entries.map(({ action }) => action))
  expect(actions.filter((action) => action.endsWith('.created')).toSorted()).toEqual([
    'skill.created',
    'skill.created',
    'skill.created',
    'user.created',
  ])
  expect(JSON.stringify(pages)).not.toContain('very secret thing')
  expect((await call('GET', 'audit?after=nonsense')).status).toBe(400)
  expect((await call('GET', `audit?after=1.${'-'.repeat(36)}`)).status).toBe(400)
})

test('secrets of applications and keys are shown once', async () => {
  const account = await server.anotherAccount()
  const call = api(account)

  const client = await call('POST', 'clients', { name: 'Shop' })
  const key = await call('POST', 'api-keys', { name: 'Nightly', permissions: ['function:invoke'] })

  const { clientSecret } = client.json<{ clientSecret: string }>()
  const { secret, keyId } = key.json<{ secret: string; keyId: string }>()
  const lists = `${(await call('GET', 'clients')).text}${(await call('GET', 'api-keys')).text}`
  expect(lists).toContain('Nightly')
  expect(lists).not.toContain(clientSecret)
  expect(lists).not.toContain(secret)
  expect((await call('DELETE', `api-keys/${keyId}`)).status).toBe(204)
  expect((await call('DELETE', `api-keys/${keyId}`)).status).toBe(404)
})

test('the controller bot is the same on every node, and another one in every account', () => {
  const [one, other] = server.contexts.map(({ accounts }) => accounts.controllerBot('a'))

  expect(one).toEqual(other)
  expect(one?.pid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(server.context.accounts.controllerBot('b').pid).not.toBe(one?.pid)
})

test('a role and a profile of a later version give no rights here, and their account goes on', async () => {
  await using own = await startTestServer()
  const account = await own.anotherAccount()
  const { user, password } = account.agents[0]!
  await own.context.store.db
    .updateTable('accountUser')
    .set({ role: sql`'role-of-tomorrow'`, profiles: sql`array['profile-of-tomorrow']` })
    .where('accountId', '=', account.accountId)
    .where('loginName', '=', user)
    .execute()
  own.context.accounts.readAgain(account.accountId)

  const base = `/api/v1/accounts/${account.accountId}`
  const session = await own.request('POST', `${base}/sessions`, {
    body: { loginName: user, password },
  })
  const { bearer } = session.json<{ bearer: string }>()
  const caller = await own.request('GET', `${base}/caller`, { bearer })
  expect(caller.json()).toMatchObject({ permissions: [] })
  const admin = await own.request('GET', `${base}/users`, { bearer: account.adminBearer })
  expect(admin.status).toBe(200)
})
