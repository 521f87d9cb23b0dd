import type { Activity } from '@parley/contract'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lambdas, lambdasOf, startTestServer, type TestServer } from '#testing'

let server: TestServer
let lambdas: Lambdas
beforeAll(async () => {
  server = await startTestServer()
  lambdas = lambdasOf(server)
})
afterAll(() => server[Symbol.asyncDispose]())

const CLIENT = `const { Toolbelt } = require('lp-faas-toolbelt')
const secrets = Toolbelt.SecretClient()`

test('a value is never shown again; a function reads it by its name', async () => {
  const created = await lambdas.native('POST', '/secrets', {
    name: 'api-key',
    value: 'hunter2hunter2',
  })
  expect(created.status).toBe(201)
  expect(created.text).not.toContain('hunter2')
  expect((await lambdas.native('GET', '/secrets')).text).not.toContain('hunter2')

  const uuid = await lambdas.deployed(
    `${CLIENT}\nconst lambda = async () => (await secrets.readSecret('api-key')).value.length`,
  )
  expect((await lambdas.invoke(uuid, {})).text).toBe('14')
  const { secrets } = (await lambdas.native('GET', '/secrets')).json<{ secrets: object[] }>()
  expect(secrets).toEqual([
    expect.objectContaining({ name: 'api-key', lastUsedAt: expect.any(String) }),
  ])
})

test('pages of activities follow one another, also where all are of one instant', async () => {
  const account = lambdasOf(server, await server.anotherAccount())
  const names = ['one', 'two', 'three', 'four', 'five']
  for (const name of names) await account.native('POST', '/secrets', { name, value: 'x' })

  const found: Activity[] = []
  for (let page = 0; page < names.length; page += 1) {
    const last = found.at(-1)
    const after = last ? `&beforeId=${last.activityId}` : ''
    const reply = await account.native('GET', `/activities?topic=secret&limit=2${after}`)
    found.push(...reply.json<{ activities: Activity[] }>().activities)
  }

  expect(new Set(found.map(({ at }) => at)).size).toBe(1)
  expect(found.map(({ description }) => description)).toEqual(
    names.toReversed().map((name) => `Secret ${name} created`),
  )
})

test('a function reads what another one updated', async () => {
  await lambdas.native('POST', '/secrets', { name: 'token', type: 'json', value: '{"a":1}' })
  const writer = await lambdas.deployed(
    `${CLIENT}\nconst lambda = async () => {
      const secret = await secrets.readSecret('token')
      secret.value = { a: secret.value.a + 1 }
      await secrets.updateSecret(secret)
    }`,
  )
  const reader = await lambdas.deployed(
    `${CLIENT}\nconst lambda = async () => (await secrets.readSecret('token')).value`,
  )
  await lambdas.invoke(writer, {})
  expect((await lambdas.invoke(reader, {})).json()).toEqual({ a: 2 })
  const { secrets } = (await lambdas.native('GET', '/secrets')).json<{ secrets: object[] }>()
  expect(secrets).toContainEqual(expect.objectContaining({ name: 'token', version: 2 }))
})

test('a value appears in no log, no error and no record', async () => {
  await lambdas.native('POST', '/secrets', { name: 'leaky', value: 'correct-horse-battery' })
  const uuid = await lambdas.deployed(
    `${CLIENT}\nasync function lambda(input) {
      const { value } = await secrets.readSecret('leaky')
      console.info('it is ' + value, { deep: [value] })
      if (input.payload.fail) throw new Error('failed with ' + value)
      return { value }
    }`,
  )
  await lambdas.invoke(uuid, { fail: false })
  const failed = await lambdas.invoke(uuid, { fail: true })
  expect(failed.text).toContain('[secret]')
  expect(failed.text).not.toContain('correct-horse')

  for (const path of [
    `/logs?functionId=${uuid}`,
    `/invocations?functionId=${uuid}`,
    '/logs/export',
  ]) {
    const { status, text } = await lambdas.native('GET', path)
    expect(status).toBe(200)
    expect(text).toContain('[secret]')
    expect(text).not.toContain('correct-horse')
  }
})

test('a value is masked inside JSON, and in the result of a test', async () => {
  const key = '-----BEGIN KEY-----\nline "one"\n-----END KEY-----'
  await lambdas.native('POST', '/secrets', { name: 'pem', value: key })
  const uuid = await lambdas.deployed(
    `${CLIENT}\nasync function lambda() {
      const entry = await secrets.readSecret('pem')
      console.debug(entry.value, entry)
      console.info(JSON.stringify(entry))
      return 'done'
    }`,
  )
  const tested = await lambdas.native('POST', `/functions/${uuid}/test`, { payload: {} })
  const byCommandLine = await lambdas.call('POST', `/lambdas/${uuid}/invoke?v=1&userId=1`, {
    payload: {},
  })
  await lambdas.invoke(uuid, {})
  const logs = await lambdas.native('GET', `/logs?functionId=${uuid}`)
  for (const { status, text } of [tested, byCommandLine, logs]) {
    expect(status).toBe(200)
    expect(text).toContain('[secret]')
    expect(text).not.toContain('BEGIN KEY')
  }
})

test('a secret is masked also after very many others', async () => {
  const other = lambdasOf(server, await server.anotherAccount())
  const many = (name: string) => Array.from({ length: 500 }, (_, n) => `${name}-number-${1000 + n}`)
  for (const name of ['a', 'b', 'c']) {
    await other.native('POST', '/secrets', { name, type: 'json', value: many(name) })
  }
  await other.native('POST', '/secrets', { name: 'last', value: 'correct-horse' })
  const uuid = await other.deployed(
    `${CLIENT}\nconst lambda = async () => {
      for (const name of ['a', 'b', 'c']) await secrets.readSecret(name)
      console.info((await secrets.readSecret('last')).value)
    }`,
  )
  await other.invoke(uuid, {})
  const { text } = await other.native('GET', `/logs?functionId=${uuid}`)
  expect(text).toContain('[secret]')
  expect(text).not.toContain('correct-horse')
})

test('only what can be masked without spoiling data is masked; what cannot is said when it is saved, and listed', async () => {
  const account = lambdasOf(server, await server.anotherAccount())
  const value = { user: 'bob', skill: '1002', host: 'api.example.com', key: 'k3y-of/the+shop' }
  const unmasked = [
    { path: 'value.user', message: 'is shorter than 12 characters' },
    { path: 'value.skill', message: 'is shorter than 12 characters' },
    { path: 'value.host', message: 'is the name of a host' },
  ]
  const created = await account.native('POST', '/secrets', { name: 'shop', type: 'json', value })
  expect(created.json()).toMatchObject({ name: 'shop', unmasked })
  const replaced = await account.native('PUT', '/secrets/shop', { value })
  expect(replaced.json()).toMatchObject({ type: 'json', version: 2, unmasked })
  const { secrets } = (await account.native('GET', '/secrets')).json<{ secrets: object[] }>()
  expect(secrets).toMatchObject([{ name: 'shop', unmasked }])

  const uuid = await account.deployed(
    `${CLIENT}\nconst lambda = async ({ payload }) => {
      const { value } = await secrets.readSecret('shop')
      const basic = Buffer.from(value.user + ':' + value.key).toString('base64')
      console.info('skill ' + value.skill + ' at ' + value.host, { authorization: 'Basic ' + basic })
      console.info('as ' + basic + ' and ' + encodeURIComponent(value.key))
      return { skillId: payload.skillId, host: value.host, url: '/?key=' + encodeURIComponent(value.key) }
    }`,
  )
  const answer = await account.invoke(uuid, { skillId: '1002' })
  expect(answer.json()).toMatchObject({ skillId: '1002', host: 'api.example.com' })
  const { entries } = (await account.native('GET', `/logs?functionId=${uuid}`)).json<{
    entries: { message: string; extras: unknown[] }[]
  }>()
  expect(entries).toMatchObject([
    { message: expect.stringMatching(/^as Ym9iOm\[secret\]\S* and \[secret\]$/) },
    { message: 'skill 1002 at api.example.com', extras: [{ authorization: '[secret]' }] },
  ])
  const { invocations } = (await account.native('GET', `/invocations?functionId=${uuid}`)).json<{
    invocations: object[]
  }>()
  expect(invocations).toMatchObject([
    {
      input: { payload: { skillId: '1002' } },
      result: { skillId: '1002', host: 'api.example.com', url: '/?key=[secret]' },
    },
  ])
})

test('a secret keeps its type unless told otherwise', async () => {
  const account = lambdasOf(server, await server.anotherAccount())
  const put = (name: string, body: object) => account.native('PUT', `/secrets/${name}`, body)
  const typeOf = async (name: string) => {
    const { secrets } = (await account.native('GET', '/secrets')).json<{
      secrets: { name: string; type: string }[]
    }>()
    return secrets.find((secret) => secret.name === name)?.type
  }
  await account.native('POST', '/secrets', { name: 'settings', type: 'json', value: '{"a":1}' })
  await account.native('POST', '/secrets', { name: 'token', value: 'one' })
  expect((await put('settings', { value: '{"a":2}' })).json()).toMatchObject({ type: 'json' })
  expect((await put('settings', { value: 'no JSON' })).status).toBe(400)
  expect((await put('token', { value: '{"a":2}' })).json()).toMatchObject({ type: 'text' })
  const refused = await put('token', { value: { a: 2 } })
  expect(refused.status).toBe(400)
  expect(refused.text).toContain('the type of the secret is \\"text\\"')
  expect((await put('token', { type: 'json', value: '[1]' })).json()).toMatchObject({
    type: 'json',
  })
  expect((await put('token', { type: 'text', value: '[1]' })).json()).toMatchObject({
    type: 'text',
  })
  expect((await put('none', { value: 'x' })).status).toBe(404)

  const uuid = await account.deployed(
    `${CLIENT}\nconst lambda = async ({ payload: { key, value } }) => {
      await secrets.updateSecret({ key, value })
      return (await secrets.readSecret(key)).value
    }`,
  )
  const update = async (key: string, value: unknown) =>
    (await account.invoke(uuid, { key, value })).json()
  expect(await update('settings', '{"a":3}')).toEqual({ a: 3 })
  expect(await update('settings', 'just text')).toBe('just text')
  expect(await typeOf('settings')).toBe('json')
  expect(await update('token', '{"a":3}')).toBe('{"a":3}')
  expect(await typeOf('token')).toBe('text')
  expect(await update('token', { a: 4 })).toEqual({ a: 4 })
  expect(await typeOf('token')).toBe('json')
})

test('every account has two provisioned secrets of its own, hidden unless asked for', async () => {
  const other = lambdasOf(server, await server.anotherAccount())
  const keyOf = async (account: Lambdas) => {
    const uuid = await account.deployed(
      `${CLIENT}\nconst lambda = async () => (await secrets.readSecret('lp-faas-default-app-key')).value.consumerKey`,
    )
    return (await account.invoke(uuid, {})).text
  }
  const [one, two] = [await keyOf(lambdas), await keyOf(other)]
  expect(one).toMatch(/^".+"$/)
  expect(two).not.toBe(one)

  const shown = await other.native('GET', '/secrets')
  expect(shown.json()).toEqual({ secrets: [] })
  const all = await other.native('GET', '/secrets?provisioned=true')
  expect(all.json<{ secrets: unknown[] }>().secrets).toHaveLength(2)
  const deleted = await other.native('DELETE', '/secrets/lp-faas-default-app-key')
  expect(deleted.status).toBe(409)
})

async function provisionedKeys(account: Lambdas): Promise<string[]> {
  const { apiKeys } = (await account.native('GET', '/api-keys')).json<{
    apiKeys: { name: string }[]
  }>()
  return apiKeys.map(({ name }) => name).filter((name) => name.startsWith('lp-faas'))
}

test('provisioned secrets have one key each, even when many requests make them at once', async () => {
  const account = lambdasOf(server, await server.anotherAccount())
  const ask = () => account.native('GET', '/secrets?provisioned=true')
  await Promise.all(Array.from({ length: 8 }, ask))
  expect(await provisionedKeys(account)).toHaveLength(2)
})

test('a provisioned secret that cannot be stored leaves no key', async () => {
  const account = lambdasOf(server, await server.anotherAccount())
  const ask = async () => (await account.native('GET', '/secrets?provisioned=true')).status
  const { db } = server.context.store
  await sql`alter table secret add constraint nothing_more check (false) not valid`.execute(db)
  expect(await ask()).toBe(500)
  await sql`alter table secret drop constraint nothing_more`.execute(db)
  expect(await provisionedKeys(account)).toEqual([])
  expect(await ask()).toBe(200)
  expect(await provisionedKeys(account)).toHaveLength(2)
})

test('a secret that another key has sealed is listed and marked, says so to functions, and can be replaced', async () => {
  const account = lambdasOf(server, await server.anotherAccount())
  const { accountId } = account.account
  await account.native('POST', '/secrets', { name: 'good', value: 'correct-horse-battery' })
  await account.native('POST', '/secrets', { name: 'lost', value: 'correct-horse-staple' })
  expect((await account.native('GET', '/secrets?provisioned=true')).status).toBe(200)
  const uuid = await account.deployed(
    `${CLIENT}\nconst lambda = async ({ payload }) => {
      try { return typeof (await secrets.readSecret(payload.name)).value } catch (error) { return error.message }
    }`,
  )
  const { db } = server.context.store
  const box = `v1.${Buffer.alloc(64, 7).toString('base64url')}`
  const ofAccount = db.updateTable('secret').set({ box }).where('accountId', '=', accountId)
  await ofAccount.where('name', '!=', 'good').execute()

  const { secrets } = (await account.native('GET', '/secrets')).json<{ secrets: object[] }>()
  expect(secrets).toMatchObject([
    { name: 'good' },
    { name: 'lost', unreadable: true, unmasked: [] },
  ])
  expect(secrets[0]).not.toHaveProperty('unreadable')
  const read = async (name: string) => (await account.invoke(uuid, { name })).json()
  expect(await read('lost')).toBe(
    'Reading Secret lost failed: Secret "lost" cannot be decrypted: it was sealed with another key. Give it a new value',
  )
  expect(await read('good')).toBe('string')
  expect(await read('lp-faas-default-app-key')).toBe('object')
  const replaced = await account.native('PUT', '/secrets/lost', { value: 'correct-horse-clips' })
  expect(replaced.status).toBe(200)
  expect(replaced.json()).not.toHaveProperty('unreadable')
  expect(await read('lost')).toBe('string')
  const all = await account.native('GET', '/secrets?provisioned=true')
  expect(all.status).toBe(200)
  expect(all.text).not.toContain('unreadable')
})

test('names and values are checked', async () => {
  const add = async (body: object) => (await lambdas.native('POST', '/secrets', body)).status
  expect(await add({ name: 'with space', value: 'v' })).toBe(400)
  expect(await add({ name: 'x'.repeat(101), value: 'v' })).toBe(400)
  expect(await add({ name: 'big', value: 'v'.repeat(10_001) })).toBe(400)
  expect(await add({ name: 'json', type: 'json', value: '{oops' })).toBe(400)
  expect(await add({ name: 'twice', value: 'v' })).toBe(201)
  expect(await add({ name: 'twice', value: 'v' })).toBe(409)
  expect((await lambdas.native('DELETE', '/secrets/twice')).status).toBe(204)
  expect((await lambdas.native('DELETE', '/secrets/twice')).status).toBe(404)
})
