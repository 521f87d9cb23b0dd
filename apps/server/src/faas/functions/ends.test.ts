import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lambdas, lambdasOf, startTestServer, type TestServer } from '#testing'

const DAY_MS = 86_400_000

let server: TestServer
beforeAll(async () => {
  // Credentials must outlive the nights of the test.
  server = await startTestServer({ wallClock: 'system' })
})
afterAll(() => server[Symbol.asyncDispose]())

const says = (word: number) => `const lambda = async () => ${word}`

async function givenVersions(account: Lambdas, count: number): Promise<string> {
  const uuid = await account.deployed(says(1))
  for (let word = 2; word <= count; word++) {
    await account.native('PUT', `/functions/${uuid}`, { code: says(word) })
  }
  return uuid
}

async function versionsOf(account: Lambdas, uuid: string): Promise<number[]> {
  const { versions } = (await account.native('GET', `/functions/${uuid}/versions`)).json<{
    versions: { version: number }[]
  }>()
  return versions.map(({ version }) => version)
}

interface Deployed {
  deploymentId: string
  version: number
  live: boolean
}

async function deploymentsOf(account: Lambdas, uuid: string): Promise<Deployed[]> {
  const reply = await account.native('GET', `/functions/${uuid}/deployments`)
  return reply.json<{ deployments: Deployed[] }>().deployments
}

/** Makes all that was saved of a function so many days older. */
async function age(uuid: string, days: number): Promise<void> {
  for (const table of ['function_version', 'deployment']) {
    await sql`update ${sql.id(table)} set created_at = created_at - ${`${days} days`}::interval
      where function_id = ${uuid}`.execute(server.context.store.db)
  }
}

const downFrom = (newest: number, count: number) =>
  Array.from({ length: count }, (_, nth) => newest - nth)

test('versions end long after newer ones were saved, but the newest, the live one and those a rollback may need', async () => {
  const account = lambdasOf(server, await server.anotherAccount())
  const uuid = await givenVersions(account, 5)
  await account.deploy(uuid)
  for (let word = 6; word <= 26; word++) {
    await account.native('PUT', `/functions/${uuid}`, { code: says(word) })
  }
  await age(uuid, 450)

  await server.clock.advance(2 * DAY_MS)

  expect(await versionsOf(account, uuid)).toEqual([...downFrom(26, 20), 5, 1])
  const [, first] = await deploymentsOf(account, uuid)
  const path = `/functions/${uuid}/deployments/${first?.deploymentId}/rollback`
  expect((await account.native('POST', path)).json()).toMatchObject({ version: 1, live: true })
  expect((await account.invoke(uuid, {})).text).toBe('1')
})

test('versions that were replaced lately stay, and those of an account that keeps them for ever', async () => {
  const young = lambdasOf(server, await server.anotherAccount())
  const [replaced, kept] = [await givenVersions(young, 23), await givenVersions(young, 23)]
  await age(kept, 390)
  // Old, and the newest one until yesterday.
  await age(replaced, 450)
  await young.native('PUT', `/functions/${replaced}`, { code: says(24) })
  const forEver = lambdasOf(server, await server.anotherAccount())
  await forEver.native('PATCH', '/settings', { retention: { versionDays: null } })
  const old = await givenVersions(forEver, 23)
  await age(old, 4000)

  await server.clock.advance(2 * DAY_MS)

  expect(await versionsOf(young, kept)).toEqual(downFrom(23, 23))
  expect(await versionsOf(young, replaced)).toEqual([...downFrom(24, 20), 1])
  expect(await versionsOf(forEver, old)).toEqual(downFrom(23, 23))
})

test('what a kept record names is kept as long as records are', async () => {
  const account = lambdasOf(server, await server.anotherAccount())
  const retention = { versionDays: 1, invocationDays: 300 }
  await account.native('PATCH', '/settings', { retention })
  const uuid = await givenVersions(account, 23)
  await age(uuid, 200)

  await server.clock.advance(2 * DAY_MS)
  expect(await versionsOf(account, uuid)).toHaveLength(23)

  await account.native('PATCH', '/settings', { retention: { invocationDays: 30 } })
  await server.clock.advance(DAY_MS)
  expect(await versionsOf(account, uuid)).toEqual([...downFrom(23, 20), 1])
})

test('deployments end long after newer ones: the newest twenty that worked stay', async () => {
  const account = lambdasOf(server, await server.anotherAccount())
  const uuid = await givenVersions(account, 2)
  for (let again = 0; again < 21; again++) await account.deploy(uuid)
  await account.native('PATCH', '/settings', { limits: { codeCharacters: 10 } })
  expect((await account.deploy(uuid)).status).toBe(400)
  await account.native('PATCH', '/settings', { limits: { codeCharacters: 100_000 } })
  await account.deploy(uuid)
  const before = await deploymentsOf(account, uuid)
  expect(before).toHaveLength(24)
  await age(uuid, 450)

  await server.clock.advance(2 * DAY_MS)

  const idsOf = (all: Deployed[]) => all.map(({ deploymentId }) => deploymentId)
  const left = await deploymentsOf(account, uuid)
  const worked = before.filter((_, nth) => nth !== 1)
  expect(idsOf(left)).toEqual(idsOf(worked).slice(0, 20))
  expect(left[0]?.live).toBe(true)
  // Its only deployment has ended, but it is one of the newest twenty versions.
  expect(await versionsOf(account, uuid)).toEqual([2, 1])
})
