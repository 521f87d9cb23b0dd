import { afterAll, expect, test } from 'vitest'
import { type Kysely, sql } from 'kysely'
import { anotherScene, call, lambdasOf, type Scene, startTestServer } from '#testing'
import { tellOfNarrowedRights } from './login-keys.ts'
import { up } from '../../base/store/migrations/110-kept-permissions.ts'

const server = await startTestServer()
afterAll(() => server[Symbol.asyncDispose]())

const SECRET = 'the value of a variable'
const PASSWORD = 'a long pass phrase'

async function givenFunctionOf(scene: Scene): Promise<string> {
  const code = 'function lambda(input, callback) { callback(null, 1) }'
  const environmentVariables = [{ key: 'TOKEN', value: SECRET }]
  const lambdas = lambdasOf(scene)
  const uuid = await lambdas.deployed(code, { implementation: { environmentVariables } })
  await lambdas.invoke(uuid, {})
  return uuid
}

async function givenUser(scene: Scene, loginName: string, more: object) {
  const wanted = { loginName, password: PASSWORD, ...more }
  const { userId } = await call<{ userId: string }>(scene, 'POST', 'users', wanted)
  const body = { loginName, password: PASSWORD }
  const path = `/api/v1/accounts/${scene.accountId}/sessions`
  const session = await scene.request('POST', path, { body })
  return { userId, bearer: session.json<{ bearer: string }>().bearer }
}

async function givenClient(scene: Scene) {
  const wanted = { name: 'shop', scopes: ['faas.lambda.invoke'] }
  const made = await call<{ clientId: string; clientSecret: string }>(
    scene,
    'POST',
    'clients',
    wanted,
  )
  const { clientId, clientSecret } = made
  const path = `/sentinel/api/account/${scene.accountId}/app/token`
  const grant = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  }
  const token = await scene.request('POST', path, { body: grant })
  return { clientId, bearer: token.json<{ access_token: string }>().access_token }
}

/** What the bearer gets to see of a function, its logs and its records. */
async function seen(scene: Scene, uuid: string, bearer: string) {
  const native = `/api/v1/accounts/${scene.accountId}`
  const published = `/api/account/${scene.accountId}`
  const get = (path: string) => scene.request('GET', path, { bearer })
  const listed = await get(`${published}/lambdas`)
  const whole = await get(`${native}/functions/${uuid}`)
  const [lambda] = listed.json<{ implementation?: { code: string } }[]>()
  return {
    listed: listed.status,
    implementation: lambda?.implementation !== undefined,
    value: listed.text.includes(SECRET) && whole.text.includes(SECRET),
    source: whole.status,
    versions: (await get(`${native}/functions/${uuid}/versions`)).status,
    logs: (await get(`${native}/logs`)).status,
    exported: (await get(`${published}/logs/export`)).status,
    records: (await get(`${native}/invocations`)).status,
    metrics: (await get(`${native}/functions/${uuid}/metrics`)).status,
  }
}

const ALL = {
  listed: 200,
  implementation: true,
  value: true,
  source: 200,
  versions: 200,
  logs: 200,
  exported: 200,
  records: 200,
  metrics: 200,
}
const NARROW = {
  ...ALL,
  implementation: false,
  value: false,
  source: 403,
  versions: 403,
  logs: 403,
  exported: 403,
  records: 403,
}

test('who may invoke does not read sources, values, logs and records', async () => {
  const scene = await anotherScene(server)
  const uuid = await givenFunctionOf(scene)
  const role = 'agent-manager'
  const of = async (loginName: string, profiles: string[]) => {
    const { bearer } = await givenUser(scene, loginName, { role, profiles })
    return await seen(scene, uuid, bearer)
  }

  expect(await of('invocation', ['FaaS-Invocation'])).toEqual(NARROW)
  expect(await seen(scene, uuid, (await givenClient(scene)).bearer)).toEqual(NARROW)
  expect(await of('developer', ['FaaS-Developer'])).toEqual(ALL)
  expect(await of('faas-admin', ['FaaS-Admin'])).toEqual({ ...ALL, value: false })
  // A user of two profiles has the rights of both.
  expect(await of('both', ['FaaS-Invocation', 'FaaS-Admin'])).toEqual({ ...ALL, value: false })
})

test('what was made before keeps what it read until an administrator changes it, and is listed once', async () => {
  const scene = await anotherScene(server)
  const uuid = await givenFunctionOf(scene)
  const { db } = server.context.store
  const user = await givenUser(scene, 'old', { profiles: ['FaaS-Invocation'] })
  const client = await givenClient(scene)
  const permissions = ['function:read', 'log:read', 'conversation:read', 'conversation:manage']
  const wanted = { name: 'old key', permissions }
  const key = await call<{ keyId: string }>(scene, 'POST', 'api-keys', wanted)
  const before = async () => {
    const { apiKeys } = await call<{ apiKeys: { keyId: string; permissions: string[] }[] }>(
      scene,
      'GET',
      'api-keys',
    )
    return {
      user: await seen(scene, uuid, user.bearer),
      client: await seen(scene, uuid, client.bearer),
      key: apiKeys.find(({ keyId }) => keyId === key.keyId)?.permissions,
    }
  }
  const narrow = { user: NARROW, client: NARROW, key: permissions }
  expect(await before()).toEqual(narrow)

  for (const table of ['account_user', 'oauth_client', 'api_key']) {
    await sql`alter table ${sql.table(table)} drop column kept_permissions`.execute(db)
  }
  await up(db as unknown as Kysely<unknown>)
  // A change of something else leaves rights alone.
  await call(scene, 'PATCH', `users/${user.userId}`, { nickname: 'Old' })
  await call(scene, 'PATCH', `clients/${client.clientId}`, { name: 'old shop' })
  await call(scene, 'PATCH', `api-keys/${key.keyId}`, { name: 'older key' })

  const kept = ['function:source', 'function:environment', 'record:read', 'conversation:read-all']
  expect(await before()).toEqual({ user: ALL, client: ALL, key: [...permissions, ...kept] })
  const said: unknown[] = []
  const logger = { warn: (facts: object) => said.push(facts) }
  const tell = () => tellOfNarrowedRights({ store: server.context.store, logger } as never)
  await sql`delete from installation where name = 'narrowed-rights'`.execute(db)
  await tell()
  const names = ['old', 'old shop', 'older key'].map((name) => `${scene.accountId}: ${name}`)
  expect(said).toContainEqual({ kept: expect.arrayContaining(names) })
  said.length = 0
  await tell()
  expect(said).toEqual([])

  await call(scene, 'PATCH', `users/${user.userId}`, { profiles: ['FaaS-Invocation'] })
  await call(scene, 'PATCH', `clients/${client.clientId}`, { scopes: ['faas.lambda.invoke'] })
  await call(scene, 'PATCH', `api-keys/${key.keyId}`, { permissions })
  expect(await before()).toEqual(narrow)
})
