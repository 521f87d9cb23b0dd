import { signUp } from '@parley/client'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { ParleyError } from '#base/kernel'
import { anotherScene, call, type Scene, startTestServer, type TestServer } from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const get = (scene: Scene, path: string, bearer: string | undefined = scene.adminBearer) =>
  scene.request('GET', `/api/account/${scene.accountId}${path}`, bearer ? { bearer } : {})

interface PublishedUser {
  id: number
  pid: string
  skillIds: number[]
}

test('users and skills are listed as published, whole or by some of their members', async () => {
  const scene = await anotherScene(server)
  const users = (await get(scene, '/configuration/le-users/users?v=4.0')).json<PublishedUser[]>()
  expect(users).toHaveLength(3)
  expect(users[1]).toEqual({
    id: expect.any(Number),
    pid: expect.stringMatching(/^[0-9a-f-]{36}$/),
    deleted: false,
    loginName: scene.agents[0]?.user,
    fullName: expect.any(String),
    nickname: 'Agent 1',
    userTypeId: 1,
    isEnabled: true,
    maxAsyncChats: expect.any(Number),
    skillIds: [1001, 1002],
  })
  const some = await get(scene, '/configuration/le-users/users?v=4.0&select=id,pid,nothing')
  expect(some.json()).toEqual(users.map(({ id, pid }) => ({ id, pid })))
  const one = users[1]!
  expect((await get(scene, `/configuration/le-users/users/${one.id}?v=4.0`)).json()).toEqual(one)

  const skills = (await get(scene, '/configuration/le-users/skills?v=2.0')).json<{ id: number }[]>()
  expect(skills).toMatchObject([
    { id: 1001, name: expect.any(String), description: expect.any(String), deleted: false },
    { id: 1002 },
  ])
  expect((await get(scene, '/configuration/le-users/skills/1001')).json()).toEqual(skills[0])
  expect((await get(scene, '/configuration/le-users/skills/7')).status).toBe(404)
})

test('a new skill has an id that published clients read as the same number', async () => {
  const scene = await anotherScene(server)
  const make = (skillId: string) =>
    scene.request('POST', `/api/v1/accounts/${scene.accountId}/skills`, {
      bearer: scene.adminBearer,
      body: { name: `Skill ${skillId}`, skillId },
    })

  for (const skillId of ['9007199254740993', '123456789012345678', '007', '00']) {
    const refused = await make(skillId)
    expect([refused.status, refused.text]).toEqual([
      400,
      expect.stringContaining('body.skillId: must be a number of at most 15 digits'),
    ])
  }
  for (const skillId of ['0', '7', '999999999999999']) {
    expect((await make(skillId)).status).toBe(201)
    const shown = await get(scene, `/configuration/le-users/skills/${skillId}`)
    expect(shown.json<{ id: number }>().id.toString()).toBe(skillId)
  }
})

test('the lists are for callers who may read the account; a pid shows no more than a page may', async () => {
  const scene = await anotherScene(server)
  const [, agent] = (await get(scene, '/configuration/le-users/users')).json<PublishedUser[]>()
  for (const path of ['users', 'skills', `users/${agent!.id}`]) {
    expect((await get(scene, `/configuration/le-users/${path}`, '')).status).toBe(401)
  }
  const open = await get(scene, `/configuration/le-users/users/${agent!.pid}`, '')
  expect(Object.keys(open.json<object>()).toSorted()).toEqual(['id', 'isBot', 'nickname', 'pid'])
  const wrong = await get(scene, '/configuration/le-users/users/somebody')
  expect(wrong.status).toBe(400)
  expect(wrong.text).toContain('must be the id or the pid of a user')
})

test('shift status follows the hours of a skill, else of the account', async () => {
  const scene = await anotherScene(server)
  const now = scene.clock.now()
  const status = async (skillId: string, bearer?: string) =>
    (await get(scene, `/skills/${skillId}/shift-status-skill`, bearer)).json<object>()
  expect(await status('1001')).toEqual({ skillId: 1001, onShift: true })

  const day = new Date(now).toISOString().slice(0, 10)
  const specialDays = [{ date: day, shifts: [{ from: '09:00', to: '24:00' }] }]
  const calendar = {
    timeZone: 'UTC',
    week: { sunday: [{ from: '08:00', to: '12:00' }] },
    specialDays,
  }
  await call(scene, 'PUT', 'calendars/account', calendar)
  const closed = { ...calendar, specialDays: [{ date: day, shifts: [] }] }
  await call(scene, 'PUT', 'calendars/1002', closed)

  const midnight = Date.parse(`${day}T00:00:00Z`) + 86_400_000
  const open = await status('1001')
  expect(open).toMatchObject({ skillId: 1001, onShift: true, nextOff: midnight })
  const sunday = new Date((open as { nextOn: number }).nextOn)
  expect([sunday.getUTCDay(), sunday.getUTCHours()]).toEqual([0, 8])
  expect(await status('1002')).toEqual({
    skillId: 1002,
    onShift: false,
    nextOn: sunday.getTime(),
    nextOff: sunday.getTime() + 4 * 3_600_000,
  })
  // As published: a skill that does not exist has the hours of the account.
  expect(await status('77')).toEqual({ ...open, skillId: 77 })
  expect((await get(scene, '/shift-status')).json()).toEqual([open, await status('1002')])

  expect(await status('1001', await signUp(scene))).toEqual(open)
  expect((await get(scene, '/shift-status', await signUp(scene))).status).toBe(401)
  expect((await get(scene, '/skills/1001/shift-status-skill', '')).status).toBe(401)
})

test('a consumer whose token cannot be checked for a moment is not told that it is wrong', async () => {
  const scene = await anotherScene(server)
  const bearer = await signUp(scene)
  const busy = new ParleyError('unavailable', 'The database took too long')
  const { consumerTokens } = scene.context.credentials
  const spy = vi.spyOn(consumerTokens, 'verify').mockRejectedValueOnce(busy)
  onTestFinished(() => spy.mockRestore())
  const ask = async () => (await get(scene, '/skills/1001/shift-status-skill', bearer)).status

  expect([await ask(), await ask()]).toEqual([503, 200])
})

test('a page of another site reads the hours with the token of its consumer, and why it is refused', async () => {
  const scene = await anotherScene(server)
  const path = '/skills/1001/shift-status-skill'
  const ask = async (bearer: string) => {
    const { status, headers } = await get(scene, path, bearer)
    return [status, headers['access-control-allow-origin']]
  }

  const url = `/api/account/${scene.accountId}${path}`
  const preflight = await scene.request('OPTIONS', url, {
    headers: { origin: 'https://a.example' },
  })
  expect(preflight).toMatchObject({
    status: 204,
    headers: {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET',
      'access-control-allow-headers': expect.stringContaining('authorization'),
    },
  })
  expect(await ask(await signUp(scene))).toEqual([200, '*'])
  expect(await ask('')).toEqual([401, '*'])
})
