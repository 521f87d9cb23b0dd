import type { ClockState } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock, virtualClock } from '#base/kernel'
import { openContext } from '#server/context'
import {
  anotherScene,
  call,
  givenFunction,
  lambdasOf,
  openConsumerSocket,
  type Scene,
  startTestServer,
  type TestServer,
} from '#testing'

const MINUTE_MS = 60_000

let server: TestServer
let scene: Scene
beforeAll(async () => {
  server = await startTestServer({ wallClock: 'system' })
  scene = await anotherScene(server)
})
afterAll(() => server[Symbol.asyncDispose]())

const read = () => call<ClockState>(scene, 'GET', 'clock')
const move = (body: object) => call<ClockState>(scene, 'POST', 'clock', body)
const post = (body: object) => lambdasOf(scene).native('POST', '/clock', body)

const moverOf = (own: TestServer) => (body: object) => call<ClockState>(own, 'POST', 'clock', body)

/** A function by the clock, at every tenth minute. */
async function givenSchedule(): Promise<string> {
  const functionId = await lambdasOf(scene).deployed('const lambda = async () => Date.now()')
  const body = { functionId, cronExpression: '*/10 * * * *' }
  const { scheduleId } = await call<{ scheduleId: string }>(scene, 'POST', 'schedules', body)
  return scheduleId
}

test('the clock goes to what becomes due next, by a duration and to an instant', async () => {
  const scheduleId = await givenSchedule()
  const runs = async () =>
    (await call<{ runs: { dueAt: string }[] }>(scene, 'GET', `schedules/${scheduleId}/runs`)).runs
  const before = await read()
  expect(before).toMatchObject({
    mode: 'standing',
    nextTimer: { kind: 'function-schedule', key: scheduleId },
  })
  const dueAt = before.nextTimer?.at ?? ''

  expect(await move({ move: 'next' })).toMatchObject({ now: dueAt })
  expect(await runs()).toMatchObject([{ dueAt }])

  const later = (minutes: number) => new Date(Date.parse(dueAt) + minutes * MINUTE_MS).toISOString()
  expect(await move({ move: 'by', ms: 25 * MINUTE_MS })).toMatchObject({ now: later(25) })
  expect(await runs()).toHaveLength(3)
  expect(await move({ move: 'to', at: later(40) })).toMatchObject({ now: later(40) })
  expect(await runs()).toHaveLength(5)
  await call(scene, 'DELETE', `schedules/${scheduleId}`)
  expect(await read()).not.toHaveProperty('nextTimer')
  expect((await post({ move: 'next' })).json()).toMatchObject({
    error: { code: 'conflict', message: expect.stringContaining('Nothing is due later') },
  })
})

test.each<[string, object, string, RegExp]>([
  ['a duration below zero', { move: 'by', ms: -1000 }, 'body.ms', /never set back/],
  ['no duration', { move: 'by', ms: 0 }, 'body.ms', /never set back/],
  [
    'an instant in its past',
    { move: 'to', at: '2020-01-01T00:00:00Z' },
    'body.at',
    /never set back/,
  ],
  ['too long a way', { move: 'by', ms: 400 * 86_400_000 }, 'body.ms', /366 days/],
  ['too far an instant', { move: 'to', at: '2090-01-01T00:00:00Z' }, 'body.at', /366 days/],
  ['no instant', { move: 'to', at: 'tomorrow' }, 'body.at', /must be an instant such as/],
  ['another word', { move: 'back' }, 'body.move', /must be "by" or "to"/],
  ['a member too many', { move: 'next', ms: 5 }, 'body.ms', /./],
])(
  '%s is refused with the field and the reason, and the clock stays',
  async (_, body, path, rule) => {
    const { now } = await read()
    const reply = await post(body)
    expect(reply.status).toBe(400)
    expect(reply.json()).toMatchObject({
      error: { details: [{ path, message: expect.stringMatching(rule) }] },
    })
    expect((await read()).now).toBe(now)
  },
)

test('it ticks with the system, stands still, and is never set back', async () => {
  await using own = await startTestServer({ wallClock: 'system' })
  const ownMove = moverOf(own)
  own.clock.goOnFrom(systemClock().now() - MINUTE_MS)
  const caughtUp = await ownMove({ move: 'real' })
  expect(caughtUp.mode).toBe('ticking')
  expect(Math.abs(caughtUp.aheadMs)).toBeLessThan(60_000)
  const ticks = own.clock.now()
  await expect.poll(() => own.clock.now()).toBeGreaterThan(ticks)

  const ahead = await ownMove({ move: 'by', ms: 60 * MINUTE_MS })
  expect(ahead.mode).toBe('ticking')
  expect(ahead.aheadMs).toBeGreaterThan(59 * MINUTE_MS)
  const held = await ownMove({ move: 'hold' })
  expect(held.mode).toBe('standing')
  const stands = own.clock.now()
  expect(Date.parse(held.now)).toBe(stands)

  const ticksAgain = await ownMove({ move: 'real' })
  expect(ticksAgain.mode).toBe('ticking')
  expect(ticksAgain.aheadMs).toBeGreaterThan(58 * MINUTE_MS)
  expect(own.clock.now()).toBeGreaterThanOrEqual(stands)
})

test.each([
  ['stands', { move: 'hold' }],
  ['ticks', { move: 'real' }],
])('a server that starts again goes on from where its clock %s', async (_, pace) => {
  await using first = await startTestServer({ wallClock: 'system' })
  first.clock.goOnFrom(systemClock().now() - MINUTE_MS)
  await moverOf(first)(pace)
  const left = await moverOf(first)({ move: 'by', ms: 90 * MINUTE_MS })

  const clock = virtualClock(systemClock().now())
  clock.tick()
  const overrides = { clock, wallClock: systemClock(), drainMs: 1_000 }
  await using _again = await openContext(first.context.config, overrides)
  expect(clock.now()).toBeGreaterThanOrEqual(Date.parse(left.now))
  expect(clock.isTicking).toBe(left.mode === 'ticking')
})

test('moves that are asked for at once follow each other, and a start goes on from the last one', async () => {
  await using own = await startTestServer({ wallClock: 'system' })
  const ownMove = moverOf(own)
  own.clock.goOnFrom(systemClock().now())
  const before = own.clock.now()
  const by = (minutes: number) => ownMove({ move: 'by', ms: minutes * MINUTE_MS })
  await Promise.all([by(60), by(30), ownMove({ move: 'hold' })])
  expect(own.clock.now() - before).toBe(90 * MINUTE_MS)

  const clock = virtualClock(before)
  const overrides = { clock, wallClock: systemClock(), drainMs: 1_000 }
  await using _again = await openContext(own.context.config, overrides)
  expect(clock.now()).toBe(own.clock.now())
})

test('on the system clock there is nothing to move', async () => {
  await using own = await startTestServer({ clock: 'system' })
  for (const method of ['GET', 'POST']) {
    const reply = await lambdasOf(own).native(method, '/clock', method === 'GET' ? undefined : {})
    expect(reply.status).toBe(404)
  }
})

test('to settle waits for what is running or due, and moves nothing', async () => {
  const { now } = await read()
  await using consumer = await openConsumerSocket(scene)
  await givenFunction(
    scene,
    'controllerbot_messaging_new_conversation',
    `setTimeout(() => callback(null, { type: 'systemMessage', text: 'Welcome' }), 200)`,
  )
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  expect((await move({ move: 'settle' })).now).toBe(now)
  const path = `conversations/${conversationId}/timeline?kind=run`
  expect((await call<{ entries: object[] }>(scene, 'GET', path)).entries).toMatchObject([
    { run: { commands: [{ type: 'systemMessage', applied: true }] } },
  ])
})

test('moves are noted', async () => {
  await move({ move: 'by', ms: 1 })
  const { entries } = await call<{ entries: object[] }>(scene, 'GET', 'audit?action=clock.move')
  expect(entries[0]).toMatchObject({ actor: scene.admin.user })
})
