import type { AuditEntry } from '@parley/contract'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  type Scene,
  startTestServer,
  type TestServer,
  twoNodeAccount,
} from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ env: { PARLEY_TRUSTED_PROXIES: '127.0.0.1' } })
})
afterAll(() => server[Symbol.asyncDispose]())

const FROM = '198.51.100.7'

const entriesOf = async (scene: Scene, query: string) =>
  (await call<{ entries: AuditEntry[] }>(scene, 'GET', `audit?${query}`)).entries

function logIn(scene: Scene, loginName: string, password: string, from = FROM) {
  return scene.request('POST', `/api/v1/accounts/${scene.accountId}/sessions`, {
    body: { loginName, password },
    headers: { 'x-forwarded-for': from },
  })
}

interface Key {
  appKey: string
  secret: string
  accessToken: string
  accessTokenSecret: string
}

test('log-ins and log-outs are noted, once a minute with a count', async () => {
  const scene = await anotherScene(server)
  const { user, password } = scene.agents[0]!
  const bearers: string[] = []
  for (let n = 0; n < 3; n++) {
    bearers.push((await logIn(scene, user, password)).json<{ bearer: string }>().bearer)
  }
  const base = `/api/account/${scene.accountId}`
  const headers = { 'x-forwarded-for': FROM }
  await scene.request('DELETE', `/api/v1/accounts/${scene.accountId}/sessions/current`, {
    bearer: bearers[0]!,
    headers,
  })
  await scene.request('POST', `${base}/logout`, { bearer: bearers[1]!, headers, body: {} })

  const found = await entriesOf(scene, `address=${FROM}`)
  expect(found.map(({ action, actor, count }) => `${action} ${actor} ${count}`).toSorted()).toEqual(
    [`session.closed ${user} 2`, `session.opened ${user} 3`],
  )
})

test('failed log-ins are noted with name, address and reason; of invented names only the beginning', async () => {
  const scene = await anotherScene(server)
  const { user, password } = scene.agents[0]!
  await logIn(scene, user, 'a wrong password')
  await logIn(scene, user, 'a wrong password')
  await logIn(scene, 'my secret pass phrase', password)
  const { users } = await call<{ users: { userId: string; loginName: string }[] }>(
    scene,
    'GET',
    'users',
  )
  const { userId } = users.find(({ loginName }) => loginName === user)!
  await call(scene, 'PATCH', `users/${userId}`, { enabled: false })
  await logIn(scene, user, password)
  const key = await call<Key>(scene, 'POST', 'api-keys', { name: 'robot' })
  const byKey = await scene.request('POST', `/api/account/${scene.accountId}/login?v=1.3`, {
    body: { username: scene.admin.user, ...key },
    headers: { 'x-forwarded-for': FROM },
  })
  expect(byKey.status).toBe(403)

  const found = await entriesOf(scene, 'action=session.refused')
  const seen = found.map(({ actor, object, count, outcome, address, details }) =>
    [actor, object, outcome, address, JSON.stringify(details['reason']), count].join(' | '),
  )
  const admin = users.find(({ loginName }) => loginName === scene.admin.user)!
  expect(seen.toSorted()).toEqual(
    [
      `${scene.admin.user} | user:${admin.userId} | refused | ${FROM} | "key without the right" | `,
      `${user} | user:${userId} | refused | ${FROM} | "disabled user" | `,
      `${user} | user:${userId} | refused | ${FROM} | "wrong credentials" | 2`,
      `my… | unknown | refused | ${FROM} | "wrong credentials" | `,
    ].toSorted(),
  )
  expect(JSON.stringify(found)).not.toContain('secret')
})

test('a node that has heard nothing of an account notes whom it refused there', async () => {
  await using nodes = await startTestServer({ nodes: 2 })
  const { there, admin } = await twoNodeAccount(nodes)
  const response = await fetch(`${there.url}/api/v1/accounts/${there.accountId}/invitation`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: 'x'.repeat(43) }),
  })
  expect(await response.text()).toContain('never was')
  const seen = async () =>
    (await admin('GET', 'audit?action=session.refused')).json<{ entries: AuditEntry[] }>().entries
  await expect.poll(async () => (await seen()).map(({ actor }) => actor)).toEqual(['in…'])
})

test('a flood of failed log-ins and of wrong client secrets makes a bounded number of entries, which count all', async () => {
  const scene = await anotherScene(server)
  const attempts = 400
  const sentinel = `/sentinel/api/account/${scene.accountId}/app/token`
  for (let n = 0; n < attempts; n++) {
    await scene.request('POST', sentinel, {
      body: { grant_type: 'client_credentials', client_id: `${n}-x`, client_secret: 'x' },
      headers: { 'x-forwarded-for': `203.0.113.${n % 250}` },
    })
  }
  const found = await entriesOf(scene, 'action=session.refused&limit=500')
  expect(found.length).toBeLessThanOrEqual(101)
  expect(found.reduce((sum, { count = 1 }) => sum + count, 0)).toBe(attempts)
  expect(found.find(({ actor }) => actor === '*')?.count).toBeGreaterThan(attempts / 2)
})

test('refused log-ins whose entry could not be written are counted by the next one that is', async () => {
  const scene = await anotherScene(server)
  const { db } = server.context.store
  await sql`create function refuse() returns trigger language plpgsql as
    $$ begin raise 'no room' using errcode = '53200'; end $$`.execute(db)
  await sql`create trigger refuse before insert on audit_entry
    for each row when (new.action = 'session.refused') execute function refuse()`.execute(db)
  const fails = async () => (await logIn(scene, 'nobody', 'a wrong password')).status
  expect([await fails(), await fails()]).toEqual([401, 401])
  const path = `/api/v1/accounts/${scene.accountId}/audit`
  expect((await scene.request('GET', path, { bearer: scene.adminBearer })).status).toBe(503)

  await sql`drop trigger refuse on audit_entry`.execute(db)
  await fails()
  expect(await entriesOf(scene, 'action=session.refused')).toMatchObject([{ count: 3 }])
})

test('a name that no database can store hides no other refused log-in', async () => {
  const scene = await anotherScene(server)
  await logIn(scene, 'guessed', 'a wrong password')
  await scene.request('POST', `/sentinel/api/account/${scene.accountId}/app/token`, {
    body: { grant_type: 'client_credentials' },
    headers: { authorization: `Basic ${Buffer.from('\0\0x:secret').toString('base64')}` },
  })
  const found = await entriesOf(scene, 'action=session.refused')
  expect(new Set(found.map(({ actor }) => actor))).toEqual(new Set(['gu…', '\ufffd\ufffd…']))
})

test('nothing is noted of accounts that do not exist', async () => {
  const scene = await anotherScene(server)
  await logIn({ ...scene, accountId: 'no-account' }, 'somebody', 'a wrong password')
  await entriesOf(scene, '')
  const { db } = server.context.store
  const rows = await db.selectFrom('auditEntry').select('accountId').distinct().execute()
  expect(rows.map(({ accountId }) => accountId)).not.toContain('no-account')
})

test('changes that a user has no right to are noted, readings are not', async () => {
  const scene = await anotherScene(server)
  const { user, password } = scene.agents[0]!
  const { bearer } = (await logIn(scene, user, password)).json<{ bearer: string }>()
  const base = `/api/v1/accounts/${scene.accountId}`
  const headers = { 'x-forwarded-for': FROM }
  for (let n = 0; n < 2; n++) {
    const refused = await scene.request('DELETE', `${base}/users/${n}`, { bearer, headers })
    expect(refused.status).toBe(403)
  }
  expect((await scene.request('GET', `${base}/audit`, { bearer, headers })).status).toBe(403)

  const [entry, ...others] = await entriesOf(scene, 'action=request.refused')
  expect(others).toEqual([])
  expect(entry).toMatchObject({
    actor: user,
    object: 'DELETE users/:userId',
    address: FROM,
    outcome: 'refused',
    count: 2,
    details: { lacks: 'account:write' },
  })
})
