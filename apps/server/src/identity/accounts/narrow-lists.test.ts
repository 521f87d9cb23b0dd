import type { User } from '@parley/contract'
import { expect, test } from 'vitest'
import { call, startTestServer } from '#testing'

test('of all users those are listed who are asked for, by id, by pid or by skill', async () => {
  await using server = await startTestServer()
  const list = async (query: string) =>
    (await call<{ users: User[] }>(server, 'GET', `users${query}`)).users
  const [first, second] = await list('')
  const names = async (query: string) => (await list(query)).map(({ loginName }) => loginName)

  expect(await names(`?id=${second!.userId}`)).toEqual([second!.loginName])
  expect(await names(`?id=${second!.pid}&id=${first!.userId}&id=nobody`)).toEqual([
    first!.loginName,
    second!.loginName,
  ])
  const { skillId } = await call<{ skillId: string }>(server, 'POST', 'skills', { name: 'Rare' })
  expect(await names(`?skillId=${skillId}`)).toEqual([])
  await call(server, 'PATCH', `users/${second!.userId}`, { skillIds: [skillId] })
  expect(await names(`?skillId=${skillId}`)).toEqual([second!.loginName])
  expect(await names(`?skillId=${skillId}&id=${first!.userId}`)).toEqual([])
})
