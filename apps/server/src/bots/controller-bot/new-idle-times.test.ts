import { afterAll, beforeAll, expect, test } from 'vitest'
import { anotherScene, call, type Scene, startTestServer, type TestServer } from '#testing'
import { automatic, FIRST_INPUTS, openConsumer, openIn } from './scene.fixture.ts'

const MINUTE_MS = 60_000
const QUEUE = 'automatic-messages/CONV_AWAITING_IN_QUEUE'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

function setTime(scene: Scene, time: number, query = ''): Promise<unknown> {
  const timing = { time, timeUnits: 'minutes', repeat: 2 }
  return call(scene, 'PUT', `${QUEUE}${query}`, { text: 'Wait', timing })
}

function setControllerBot(scene: Scene, controllerBotEnabled: boolean): Promise<unknown> {
  return call(scene, 'PATCH', 'settings', { controllerBotEnabled })
}

async function withTimeOfSkill(scene: Scene): Promise<void> {
  await setTime(scene, 1)
  await setTime(scene, 60, '?skillId=1001')
}

async function withoutControllerBot(scene: Scene): Promise<void> {
  await setTime(scene, 1)
  await setControllerBot(scene, false)
}

const nothing = async () => undefined

test.each([
  { what: 'a shorter time', given: nothing, change: (scene: Scene) => setTime(scene, 1) },
  {
    what: 'a shorter time of its skill',
    given: nothing,
    change: (scene: Scene) => setTime(scene, 1, '?skillId=1001'),
  },
  {
    what: 'a longer time of its skill that is taken back',
    given: withTimeOfSkill,
    change: (scene: Scene) => call(scene, 'DELETE', `${QUEUE}?skillId=1001`),
  },
  {
    what: 'a Controller Bot that is switched on',
    given: withoutControllerBot,
    change: (scene: Scene) => setControllerBot(scene, true),
  },
])(
  'a conversation that waits already is idle by $what, and again only after that time',
  async ({ given, change }) => {
    const scene = await anotherScene(server)
    await given(scene)
    await using consumer = await openConsumer(scene, FIRST_INPUTS)
    const conversationId = await openIn(scene, consumer)
    const waits = async () =>
      (await automatic(consumer, conversationId)).filter((text) => text === 'Wait').length
    await scene.clock.advance(20 * MINUTE_MS)
    expect(await waits()).toBe(0)

    await change(scene)

    await scene.clock.advance(5000)
    expect(await waits()).toBe(1)
    await scene.clock.advance(MINUTE_MS)
    expect(await waits()).toBe(2)
    await scene.clock.advance(60 * MINUTE_MS)
    expect(await waits()).toBe(2)
  },
)

test('the look at waiting conversations is in the commit that changes their times, once for all changes', async () => {
  const scene = await anotherScene(server)
  const looks = () =>
    scene.context.store.db
      .selectFrom('timer')
      .select('key')
      .where('accountId', '=', scene.accountId)
      .where('kind', '=', 'times-changed')
      .execute()
  await call(scene, 'PUT', 'automatic-messages/CONSUMER_OPEN_NEW_CONVERSATION', { text: 'Hello' })
  await call(scene, 'PATCH', 'settings', { messaging: { ringMs: 5000 } })
  expect(await looks()).toEqual([])

  await setTime(scene, 1)
  await call(scene, 'PATCH', 'settings', { messaging: { autoCloseMs: 30 * MINUTE_MS } })

  expect(await looks()).toEqual([{ key: 'all' }])
})
