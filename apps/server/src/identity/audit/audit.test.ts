import type { AuditEntry } from '@parley/contract'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  lambdasOf,
  type Scene,
  startTestServer,
  type TestServer,
} from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ env: { PARLEY_TRUSTED_PROXIES: '127.0.0.1' } })
})
afterAll(() => server[Symbol.asyncDispose]())

const DAY_MS = 86_400_000
const FROM = '198.51.100.7'

const audit = async (scene: Scene, query = '') =>
  (await call<{ entries: AuditEntry[] }>(scene, 'GET', `audit?${query}`)).entries

const ask = (
  scene: Scene,
  method: string,
  path: string,
  body?: object,
  bearer = scene.adminBearer,
) =>
  scene.request(method, `/api/v1/accounts/${scene.accountId}/${path}`, {
    bearer,
    headers: { 'x-forwarded-for': FROM },
    ...(body && { body }),
  })

test('a change is noted with who made it and from where', async () => {
  const scene = await anotherScene(server)
  await ask(scene, 'POST', 'skills', { name: 'noted' })
  const [entry] = await audit(scene, 'action=skill.created')
  expect(entry).toMatchObject({ actor: scene.admin.user, address: FROM })
  expect(entry).not.toHaveProperty('via')
  // What the server did by itself has no address.
  const made = (await audit(scene)).find(({ actor }) => actor === 'system')
  expect(made).toBeDefined()
  expect(made).not.toHaveProperty('address')
})

test('what a key does for a person is noted under both', async () => {
  const scene = await anotherScene(server)
  const key = await call<{
    appKey: string
    secret: string
    accessToken: string
    accessTokenSecret: string
  }>(scene, 'POST', 'api-keys', {
    name: 'robot',
    permissions: ['account:read', 'account:write', 'user:impersonate'],
  })
  const logIn = await scene.request('POST', `/api/account/${scene.accountId}/login?v=1.3`, {
    body: { username: scene.admin.user, ...key },
    headers: { 'x-forwarded-for': FROM },
  })
  const { bearer } = logIn.json<{ bearer: string }>()
  await ask(scene, 'POST', 'skills', { name: 'by a key' }, bearer)
  const [entry] = await audit(scene, 'action=skill.created')
  expect(entry).toMatchObject({
    actor: `${scene.admin.user} by key:${key.appKey}`,
    via: `key:${key.appKey}`,
    address: FROM,
  })
  expect(await audit(scene, `via=key:${key.appKey}`)).toContainEqual(entry)
})

test('a change whose operation notes nothing is noted, and so is one that failed', async () => {
  const scene = await anotherScene(server)
  const failed = await ask(scene, 'POST', 'mails/none/send')
  expect(failed.status).toBe(404)
  expect(await audit(scene, 'outcome=failed')).toMatchObject([
    {
      actor: scene.admin.user,
      action: 'POST mails/:mailId/send',
      object: 'mails/none/send',
      address: FROM,
      outcome: 'failed',
      details: { error: 'mail_not_found' },
    },
  ])
  const sent = await ask(scene, 'POST', 'mails/send', { state: 'held' })
  expect(sent.status).toBe(200)
  const [entry] = await audit(scene, 'action=POST%20mails%2Fsend')
  expect(entry).toMatchObject({ actor: scene.admin.user, object: 'mails/send', address: FROM })
  expect(entry).not.toHaveProperty('outcome')
  expect(await audit(scene, 'outcome=unknown')).toEqual([])
})

test('what an operation notes itself is there once, and not when it failed', async () => {
  const scene = await anotherScene(server)
  await ask(scene, 'POST', 'skills', { name: 'one' })
  await ask(scene, 'POST', 'skills', { name: 'one' })
  const found = await audit(scene, `address=${FROM}`)
  expect(found.map(({ action, outcome }) => `${action} ${outcome}`).toSorted()).toEqual([
    'POST skills failed',
    'skill.created undefined',
  ])
})

test('what is read again and again has one entry a minute, with a count', async () => {
  const scene = await anotherScene(server)
  for (let n = 0; n < 3; n++) await ask(scene, 'GET', 'mails')
  expect(await audit(scene, 'action=mail.listed')).toMatchObject([{ count: 3 }])
  await server.clock.advance(60_000)
  await ask(scene, 'GET', 'mails')
  expect(await audit(scene, 'action=mail.listed')).toMatchObject([
    { action: 'mail.listed' },
    { count: 3 },
  ])
})

test('people who read records, mails and exports are noted, programs are not', async () => {
  const scene = await anotherScene(server)
  const lambdas = lambdasOf(scene)
  const id = await lambdas.deployed('function lambda(input, callback) { callback(null, 1) }')
  await lambdas.invoke(id, {})
  const { invocations } = await call<{ invocations: { recordId: string }[] }>(
    scene,
    'GET',
    'invocations',
  )
  const recordId = invocations[0]?.recordId ?? ''
  await ask(scene, 'GET', `invocations/${recordId}`)
  await ask(scene, 'GET', 'mails')
  await ask(scene, 'GET', 'logs/export?format=csv')
  await ask(scene, 'GET', 'survey-runs.csv')
  await ask(scene, 'GET', 'audit.jsonl')
  await ask(scene, 'GET', 'mails', undefined, scene.appToken)
  const found = (await audit(scene, `address=${FROM}`)).map(({ action, actor, object }) => [
    action,
    actor,
    object,
  ])
  const { user } = scene.admin
  // All of one instant: in any order.
  expect(new Set(found)).toEqual(
    new Set([
      ['audit.exported', user, 'audit.jsonl'],
      ['log.exported', user, 'logs/export'],
      ['mail.listed', user, 'mails'],
      ['record.read', user, `invocations/${recordId}`],
      ['survey-run.exported', user, 'survey-runs.csv'],
    ]),
  )
})

test('an export has every entry, and the same filters', async () => {
  const scene = await anotherScene(server)
  for (let n = 0; n < 3; n++) await ask(scene, 'POST', 'skills', { name: `skill ${n}` })
  const all = await audit(scene, 'limit=500')
  const lines = async (query: string) =>
    (await ask(scene, 'GET', `audit.jsonl?${query}`)).text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as AuditEntry)
  const exported = await lines('')
  const others = exported.filter(({ action }) => !['audit.read', 'audit.exported'].includes(action))
  expect(others).toEqual(all.filter(({ action }) => action !== 'audit.read'))
  expect(await lines('action=skill.created')).toHaveLength(3)

  const csv = (await ask(scene, 'GET', 'audit.csv?action=skill.created')).text.trim().split('\r\n')
  expect(csv[0]).toBe('at,actor,action,object,outcome,count,address,via,details,auditId')
  expect(csv.slice(1).map((line) => line.split(',').slice(1, 3))).toEqual(
    Array.from({ length: 3 }, () => [scene.admin.user, 'skill.created']),
  )
})

test('entries end after the days that the account keeps them, however many there are', async () => {
  await using own = await startTestServer()
  const scenes = [await anotherScene(own), await anotherScene(own)] as const
  const refused = await ask(scenes[0], 'PATCH', 'settings', { retention: { auditDays: 29 } })
  expect(refused).toMatchObject({ status: 400 })
  expect(refused.text).toContain('body.retention.auditDays')
  await call(scenes[0], 'PATCH', 'settings', { retention: { auditDays: 40 } })
  const { db } = own.context.store
  for (const { accountId } of scenes) {
    await sql`insert into audit_entry (account_id, at, audit_id, actor, action, object, details)
      select ${accountId}, ${new Date(own.clock.now())}, gen_random_uuid(), 'x', 'old', 'x', '{}'
      from generate_series(1, 4500)`.execute(db)
  }
  const left = () =>
    Promise.all(
      scenes.map(async ({ accountId }) => {
        const entries = db.selectFrom('auditEntry').select('auditId')
        const rows = await entries
          .where('accountId', '=', accountId)
          .where('action', '=', 'old')
          .execute()
        return rows.length
      }),
    )
  await own.clock.advance(39 * DAY_MS)
  expect(await left()).toEqual([4500, 4500])
  await own.clock.advance(2 * DAY_MS)
  expect(await left()).toEqual([0, 4500])
})
