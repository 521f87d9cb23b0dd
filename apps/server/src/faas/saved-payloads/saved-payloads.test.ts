import type { SavedPayload, User } from '@parley/contract'
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
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

async function givenFunction(): Promise<{ scene: Scene; path: string }> {
  const scene = await anotherScene(server)
  const { uuid } = await lambdasOf(scene).create('const lambda = () => 1')
  return { scene, path: `functions/${uuid}/payloads` }
}

/** Another developer of the account. */
async function colleagueOf(scene: Scene): Promise<Scene> {
  const password = 'a long enough passphrase'
  const loginName = 'colleague'
  await call(scene, 'POST', 'users', {
    loginName,
    password,
    role: 'agent-manager',
    profiles: ['FaaS-Developer'],
  })
  const reply = await scene.request('POST', `/api/v1/accounts/${scene.accountId}/sessions`, {
    body: { loginName, password },
  })
  return Object.create(scene, { adminBearer: { value: reply.json<{ bearer: string }>().bearer } })
}

async function listed(scene: Scene, path: string): Promise<SavedPayload[]> {
  return (await call<{ payloads: SavedPayload[] }>(scene, 'GET', path)).payloads
}

test('own payloads are seen by their author alone, shared ones by all who work on the function', async () => {
  const { scene, path } = await givenFunction()
  const colleague = await colleagueOf(scene)
  const own = await call<SavedPayload>(scene, 'POST', path, { name: 'mine', payload: { a: 1 } })
  await call(scene, 'POST', path, { name: 'ours', shared: true, payload: null })

  expect(await listed(scene, path)).toMatchObject([
    { name: 'mine', mine: true, shared: false, payload: { a: 1 }, createdBy: scene.admin.user },
    { name: 'ours', mine: false, shared: true, payload: null },
  ])
  expect((await listed(colleague, path)).map(({ name }) => name)).toEqual(['ours'])
  await expect(call(colleague, 'DELETE', `${path}/${own.payloadId}`)).rejects.toThrow('404')
  expect(await listed(scene, path)).toHaveLength(2)

  const [shared] = await listed(colleague, path)
  await call(colleague, 'DELETE', `${path}/${shared?.payloadId}`)
  expect((await listed(scene, path)).map(({ name }) => name)).toEqual(['mine'])
})

test('payloads stay with their author whose login name has changed, and never go to who has it then', async () => {
  const { scene, path } = await givenFunction()
  const colleague = await colleagueOf(scene)
  await call(colleague, 'POST', path, { name: 'mine', payload: 1 })
  const { users } = await call<{ users: User[] }>(scene, 'GET', 'users')
  const { userId } = users.find(({ loginName }) => loginName === 'colleague') ?? {}
  await call(scene, 'PATCH', `users/${userId}`, { loginName: 'renamed' })
  const successor = await colleagueOf(scene)

  expect(await listed(successor, path)).toEqual([])
  expect(await listed(colleague, path)).toMatchObject([{ name: 'mine', createdBy: 'colleague' }])
  await call(colleague, 'POST', path, { name: 'mine', payload: 2 })
  expect(await listed(colleague, path)).toMatchObject([{ payload: 2, createdBy: 'renamed' }])
})

test('payloads that were kept under a login name are those of who has it, until they are saved again', async () => {
  const { scene, path } = await givenFunction()
  await call(scene, 'POST', path, { name: 'mine', payload: 1 })
  const { db } = server.context.store
  await db
    .updateTable('savedPayload')
    .set({ owner: scene.admin.user })
    .where('name', '=', 'mine')
    .execute()
  expect(await listed(scene, path)).toMatchObject([{ name: 'mine', mine: true, payload: 1 }])
  await call(scene, 'POST', path, { name: 'mine', payload: 2 })
  expect(await listed(scene, path)).toMatchObject([{ name: 'mine', mine: true, payload: 2 }])
})

test('another one of the same name takes its place; a private one leaves the shared one of its name', async () => {
  const { scene, path } = await givenFunction()
  const first = await call<SavedPayload>(scene, 'POST', path, { name: 'x', payload: 1 })
  await call(scene, 'POST', path, { name: 'x', shared: true, payload: 2 })
  const again = await call<SavedPayload>(scene, 'POST', path, { name: ' x ', payload: 3 })
  expect(again.payloadId).toBe(first.payloadId)
  expect(new Set((await listed(scene, path)).map(({ payload }) => payload))).toEqual(
    new Set([2, 3]),
  )
})

test('they end with their function, and are not found by other accounts', async () => {
  const { scene, path } = await givenFunction()
  const other = await anotherScene(server)
  await call(scene, 'POST', path, { name: 'x', payload: 1 })
  await expect(listed(other, path)).rejects.toThrow('function_not_found')
  await expect(call(other, 'POST', path, { name: 'x', payload: 1 })).rejects.toThrow('404')
  await call(scene, 'DELETE', path.replace('/payloads', ''))
  await expect(listed(scene, path)).rejects.toThrow('function_not_found')
})

test('a name, a payload and their sizes have rules; the number has an end', async () => {
  const { scene, path } = await givenFunction()
  for (const [body, field] of [
    [{ payload: 1 }, 'body.name'],
    [{ name: ' ', payload: 1 }, 'body.name'],
    [{ name: 'x' }, 'body.payload'],
    [{ name: 'x', payload: 'x'.repeat(100_001) }, 'body.payload'],
    [{ name: 'x', shared: 'yes', payload: 1 }, 'body.shared'],
  ] as const) {
    await expect(call(scene, 'POST', path, body)).rejects.toThrow(field)
  }
  await expect(call(scene, 'DELETE', `${path}/nothing`)).rejects.toThrow('404')
  for (let number = 1; number <= 100; number++) {
    await call(scene, 'POST', path, { name: `payload ${number}`, payload: number })
  }
  await expect(call(scene, 'POST', path, { name: 'one more', payload: 1 })).rejects.toThrow('409')
  await call(scene, 'POST', path, { name: 'payload 7', payload: 'replaced' })
})
