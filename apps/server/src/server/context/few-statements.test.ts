import type { RouteSpec } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { givenLargeAccount, openConsumerSocket, type Scene, startWatchedServer } from '#testing'

// An answer about all of an account asks the database a few times, not once for each of its users, skills or functions.

/** Of one statement, within one request. */
const MOST = 10

let watched: Awaited<ReturnType<typeof startWatchedServer>>
let scene: Scene
beforeAll(async () => {
  watched = await startWatchedServer()
  scene = watched.scene
  await givenLargeAccount(scene, { users: 120, skills: 100, functions: 100 })
})
afterAll(() => watched[Symbol.asyncDispose]())

/** The statements that ran more often than that, with how often; not those of the look for due work, which goes on beside. */
function repeated(): string[] {
  const counts = new Map<string, number>()
  for (const { text } of watched.witness.take()) counts.set(text, (counts.get(text) ?? 0) + 1)
  return [...counts]
    .filter(([text, count]) => count > MOST && !/due_in_|\bnames\[1\]/.test(text))
    .map(([text, count]) => `${count} × ${text}`)
}

/** Readings that are no `GET`, as published. */
const ASKED_BY_POST = ['agent-view/status']
const isReading = ({ method, path, auth, answers }: RouteSpec) =>
  (method === 'GET' || ASKED_BY_POST.some((end) => path.endsWith(end))) &&
  auth !== 'operator' &&
  answers?.includes('text/event-stream') !== true

test('no reading of a whole account asks the same for each of what it lists', async () => {
  const wrong: Record<string, string[]> = {}
  let asked = 0
  for (const { method, path } of scene.context.http.app.parleySpecs.filter(isReading)) {
    const target = path.replaceAll(':accountId', scene.accountId)
    if (target.includes(':') || target === path) continue
    watched.witness.take()
    const body = method === 'POST' ? { body: {} } : {}
    const { status } = await scene.request(method, target, { bearer: scene.adminBearer, ...body })
    if (status !== 200) continue
    asked += 1
    const found = repeated()
    if (found.length > 0) wrong[path] = found
  }
  expect(wrong).toEqual({})
  expect(asked).toBeGreaterThan(30)
})

test('whoever has all messages of a conversation has none looked for, and hears what is said then', async () => {
  await using consumer = await openConsumerSocket(scene)
  const dialogId = await consumer.openConversation()
  await consumer.message(dialogId, ({ text }) => text?.startsWith('Welcome') === true)
  await using device = await openConsumerSocket(scene, { jwt: consumer.jwt })
  const lookedFor = () =>
    watched.witness.take().filter(({ text }) => text.includes('from "message"')).length
  lookedFor()

  const followed = await device.request('ms.SubscribeMessagingEvents', { dialogId, fromSeq: 1 })
  expect(followed.code).toBe(200)
  expect(lookedFor()).toBe(0)

  await consumer.say(dialogId, 'hello')
  const { record } = await device.message(dialogId, ({ text }) => text === 'hello')
  expect(record.sequence).toBe(1)
  await device.request('ms.SubscribeMessagingEvents', { dialogId, fromSeq: 0 })
  expect(lookedFor()).toBe(1)
  await device.message(dialogId, ({ text }) => text?.startsWith('Welcome') === true)
})
