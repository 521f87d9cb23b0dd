import type { AuditEntry, RouteSpec } from '@parley/contract'
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

test('a change whose operation notes nothing is noted, once it has been made', async () => {
  const scene = await anotherScene(server)
  const before = await audit(scene)
  const refused = await ask(scene, 'PUT', 'conversations/none/survey', { surveyId: 1 })
  expect(refused.status).toBeGreaterThanOrEqual(400)
  expect(await audit(scene)).toEqual(before)
  const sent = await ask(scene, 'POST', 'mails/send', { state: 'held' })
  expect(sent.status).toBe(200)
  const [entry] = await audit(scene, 'action=POST%20mails%2Fsend')
  expect(entry).toMatchObject({ actor: scene.admin.user, object: 'mails/send', address: FROM })
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
  expect(exported.filter(({ action }) => action !== 'audit.exported')).toEqual(all)
  expect(await lines('action=skill.created')).toHaveLength(3)
})

test('every change of the native API is noted, but for those that change nothing that lasts', () => {
  const { parleySpecs } = server.context.http.app as unknown as { parleySpecs: RouteSpec[] }
  const silent = parleySpecs
    .filter(({ path }) => path.startsWith('/api/v1/'))
    .filter(
      ({ method, auth, audit: noted }) =>
        method !== 'GET' && (auth === 'public' || noted === false),
    )
    .map(({ method, path }) => `${method} ${path.replace('/api/v1/accounts/:accountId/', '')}`)
  expect(silent.toSorted()).toEqual([
    'POST allowed-domains/checks',
    'POST chats/:chatId/lines',
    'POST chats/:chatId/typing',
    'POST consumer/chats',
    'POST consumer/chats/:chatId/end',
    'POST consumer/chats/:chatId/lines',
    'POST consumer/chats/:chatId/survey',
    'POST consumer/chats/:chatId/typing',
    'POST conversations/:conversationId/agent-commands',
    'POST functions/:functionId/test',
    'POST schedule-previews',
    'POST sessions',
    'POST source-checks',
  ])
})
