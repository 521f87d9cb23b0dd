import type { User } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anotherScene, call, type Scene, startTestServer, type TestServer } from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const PASSWORD = 'a long pass phrase'

const send = (scene: Scene, method: string, path: string, body?: object) =>
  scene.request(method, `/api/v1/accounts/${scene.accountId}/${path}`, {
    bearer: scene.adminBearer,
    ...(body && { body }),
  })

/** Two that are one in small letters, and not where the database makes them small. */
const SAME_NAMES = [
  ['ΟΔΟΣ', 'οδος'],
  ['İbo', 'i\u0307bo'],
] as const

test.each(SAME_NAMES)('nobody gets the login name %s of somebody as %s', async (first, second) => {
  const scene = await anotherScene(server)
  await call<User>(scene, 'POST', 'users', { loginName: first, password: PASSWORD })
  const other = await call<User>(scene, 'POST', 'users', { loginName: 'other' })

  const made = await send(scene, 'POST', 'users', { loginName: second })
  const renamed = await send(scene, 'PATCH', `users/${other.userId}`, { loginName: second })
  const itself = await send(scene, 'PATCH', `users/${other.userId}`, { loginName: 'Öther' })
  const again = await send(scene, 'PATCH', `users/${other.userId}`, { loginName: 'öther' })

  expect([made, renamed, itself, again].map(({ status }) => status)).toEqual([409, 409, 200, 200])
  expect(made.text).toContain('is taken')
  const session = { loginName: first, password: PASSWORD }
  expect((await send(scene, 'POST', 'sessions', session)).status).toBe(201)
})

test('the last administrator who can log in stays, also beside a bot that has no password', async () => {
  const scene = await anotherScene(server)
  const bot = { loginName: 'boss', kind: 'bot', role: 'administrator' }
  const { userId } = await call<User>(scene, 'POST', 'users', bot)
  const { users } = await call<{ users: User[] }>(scene, 'GET', 'users')
  const admin = users.find(({ loginName }) => loginName === scene.admin.user)

  const refused = await Promise.all([
    send(scene, 'PATCH', `users/${admin?.userId}`, { enabled: false }),
    send(scene, 'PATCH', `users/${admin?.userId}`, { kind: 'bot', role: 'agent', profiles: [] }),
    send(scene, 'DELETE', `users/${admin?.userId}`),
  ])
  expect(refused.map(({ status }) => status)).toEqual([409, 409, 409])

  await call(scene, 'PATCH', `users/${userId}`, { password: PASSWORD })
  expect((await send(scene, 'DELETE', `users/${admin?.userId}`)).status).toBe(204)
})
