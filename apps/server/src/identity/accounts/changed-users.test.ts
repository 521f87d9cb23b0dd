import type { User } from '@parley/contract'
import { expect, test } from 'vitest'
import { call, startTestServer, startWatchedServer } from '#testing'

const USERS = 2_000
/** All of those users stand on more. */
const FEW_PAGES = 30

test('a change of one user has a node read that one alone, and not all of the account', async () => {
  await using watched = await startWatchedServer()
  const { scene, witness } = watched
  const [first] = (await call<{ users: User[] }>(scene, 'GET', 'users')).users
  const { db } = scene.context.store
  const row = await db
    .selectFrom('accountUser')
    .selectAll()
    .where('userId', '=', first!.userId)
    .where('accountId', '=', scene.accountId)
    .executeTakeFirstOrThrow()
  await db
    .insertInto('accountUser')
    .values(
      Array.from({ length: USERS }, (_, n) => ({
        ...row,
        userId: `many-${n}`,
        pid: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
        loginName: `many-${n}`,
      })),
    )
    .execute()
  scene.context.accounts.readAgain(scene.accountId)
  const read = async () => (await call<{ users: User[] }>(scene, 'GET', 'users')).users
  const before = await read()
  witness.take()

  await call(scene, 'PATCH', 'users/many-7', { nickname: 'Seven', loginName: 'another-7' })
  await call(scene, 'POST', 'users', { loginName: 'between' })

  const users = await read()
  const names = users.map(({ loginName }) => loginName)
  expect(names).toEqual(names.toSorted())
  expect(users).toHaveLength(before.length + 1)
  expect(users.find(({ userId }) => userId === 'many-7')).toMatchObject({
    nickname: 'Seven',
    loginName: 'another-7',
  })
  const reads = witness.take().filter(({ text }) => text.includes('json_agg'))
  expect(reads).not.toEqual([])
  expect(Math.max(...reads.map(({ buffers }) => buffers))).toBeLessThan(FEW_PAGES)
})

test('a node that knows an account hears of users and skills that others delete, and of what they make with the same names', async () => {
  await using nodes = await startTestServer({ nodes: 2 })
  const { accountId, adminBearer, contexts } = nodes
  const admin = async <T>(method: string, path: string, body?: object) => {
    const reply = await nodes.request(method, `/api/v1/accounts/${accountId}/${path}`, {
      bearer: adminBearer,
      ...(body && { body }),
    })
    expect(reply.status).toBeLessThan(300)
    return (reply.status === 204 ? undefined : reply.json()) as T
  }
  await admin('POST', 'skills', { skillId: '7777', name: 'Returns', description: '' })
  const { userId } = await admin<User>('POST', 'users', { loginName: 'jo', skillIds: ['7777'] })
  const skillsThere = async () => {
    const users = await contexts[1]!.accounts.users.list(accountId)
    return users.filter(({ loginName }) => loginName === 'jo').map((user) => user.skillIds)
  }
  await expect.poll(skillsThere).toEqual([['7777']])

  await admin('DELETE', 'skills/7777')
  await admin('POST', 'skills', { skillId: '7777', name: 'Returns', description: '' })
  await expect.poll(skillsThere).toEqual([[]])

  await admin('DELETE', `users/${userId}`)
  await admin('POST', 'users', { loginName: 'jo', skillIds: ['7777'] })
  await expect.poll(skillsThere).toEqual([['7777']])
})
