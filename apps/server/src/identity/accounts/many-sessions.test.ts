import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { anotherScene, call, startTestServer } from '#testing'

const KEPT = 1000

test('ten thousand sessions of a user become the newest thousand sessions, and all of them end at once', async () => {
  await using server = await startTestServer()
  const scene = await anotherScene(server)
  const { accountId } = scene
  const { user: loginName } = scene.agents[0]!
  const key = await call<object>(scene, 'POST', 'api-keys', {
    name: 'robot',
    permissions: ['account:read', 'conversation:handle', 'conversation:read', 'user:impersonate'],
  })
  const body = { username: loginName, ...key }
  const logIn = async () => {
    const reply = await scene.request('POST', `/api/account/${accountId}/login?v=1.3`, { body })
    expect(reply.status).toBe(200)
    return reply.json<{ bearer: string; config: { userId: string } }>()
  }
  const caller = async (bearer: string) =>
    (await scene.request('GET', `/api/v1/accounts/${accountId}/caller`, { bearer })).status

  const { db } = server.context.store
  const first = await logIn()
  expect(await caller(first.bearer)).toBe(200)
  await sql`insert into login_session
      (account_id, bearer_hash, cookie_hash, csrf_hash, user_id, created_at, expires_at, login_key)
    select account_id, n || bearer_hash, n || cookie_hash, n || csrf_hash, user_id, created_at, expires_at, login_key
    from login_session, generate_series(1, 10000) n
    where account_id = ${accountId} and user_id = ${first.config.userId}
      and bearer_hash = (select max(bearer_hash) from login_session
        where account_id = ${accountId} and user_id = ${first.config.userId})`.execute(db)
  await Promise.all(Array.from({ length: 20 }, logIn))
  const last = await logIn()

  const stored = await db
    .selectFrom('loginSession')
    .select('userId')
    .where('accountId', '=', accountId)
    .where('userId', '=', last.config.userId)
    .execute()
  expect(stored).toHaveLength(KEPT)
  expect(await caller(first.bearer)).toBe(401)
  expect(await caller(last.bearer)).toBe(200)

  await call(scene, 'PATCH', `users/${last.config.userId}`, { enabled: false })
  expect(await caller(last.bearer)).toBe(401)
})
