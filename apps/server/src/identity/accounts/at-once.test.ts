import type { Skill, User } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  countWaiting,
  lockTable,
  type Scene,
  startTestServer,
  type TestServer,
} from '#testing'

// What two colleagues change at once.

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

/** Sends both when neither can be written yet. */
async function atOnce(scene: Scene, table: string, path: string, changes: object[]) {
  await using lock = await lockTable(server, table, { for: 'writers' })
  const answers: Promise<{ status: number }>[] = []
  for (const body of changes) {
    const url = `/api/v1/accounts/${scene.accountId}/${path}`
    answers.push(scene.request('PATCH', url, { bearer: scene.adminBearer, body }))
    if (answers.length === 1) await expect.poll(() => countWaiting(server)).toBe(1)
  }
  // Whatever the later one reads first, it has read by then.
  await call(scene, 'GET', 'skills')
  await lock.free()
  return (await Promise.all(answers)).map(({ status }) => status)
}

test('of a skill one changes the name, and another what it is for: both stay', async () => {
  const scene = await anotherScene(server)
  const { skillId } = await call<Skill>(scene, 'POST', 'skills', { name: 'Sails' })
  const changes = [{ description: 'For buyers' }, { name: 'Sales team' }]

  expect(await atOnce(scene, 'skill', `skills/${skillId}`, changes)).toEqual([200, 200])

  const { skills } = await call<{ skills: Skill[] }>(scene, 'GET', 'skills')
  expect(skills.find((skill) => skill.skillId === skillId)).toMatchObject({
    name: 'Sales team',
    description: 'For buyers',
  })
})

test('of a user one changes the role, and another the profiles: a role keeps none that it cannot have', async () => {
  const scene = await anotherScene(server)
  const draft = { loginName: 'grace', role: 'agent-manager', profiles: [] }
  const { userId } = await call<User>(scene, 'POST', 'users', draft)
  const changes = [{ role: 'agent' }, { profiles: ['FaaS-Admin'] }]

  const statuses = await atOnce(scene, 'account_user', `users/${userId}`, changes)

  expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 400])
})
