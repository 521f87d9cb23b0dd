import { expect, test } from 'vitest'
import { anotherScene, startHttpSite, startTestServer } from '#testing'
import { givenConnector } from './connector.fixture.ts'
import { openEndPoint } from './end-point.fixture.ts'

const EVENTS = ['ms.MessagingEventNotification.ContentEvent']
/** More than an application has places for. */
const CONVERSATIONS = 80

test('a silent end point delays only its own notifications, however many wait', async () => {
  await using slow = await openEndPoint()
  await using fast = await openEndPoint()
  const listed = [slow.host, fast.host].join(',')
  await using server = await startTestServer({
    clock: 'system',
    env: { PARLEY_EGRESS_PRIVATE: listed },
  })
  const scene = await anotherScene(server)
  const silent = await givenConnector(scene, { url: slow.url, events: EVENTS })
  const quick = await givenConnector(scene, { url: fast.url, events: EVENTS })
  const { promise: released, resolve: release } = Promise.withResolvers<number>()
  slow.answers(() => released)
  const opened = await Promise.all(
    Array.from({ length: CONVERSATIONS }, (_, index) => silent.open(`consumer ${index}`)),
  )
  await Promise.all(opened.map(({ say }) => say('waits')))
  await slow.until(() => slow.heard.length >= 16)

  const one = await quick.open('a')
  const wanted = Array.from({ length: 20 }, (_, index) => `text ${index}`)
  for (const text of wanted) await one.say(text)
  await fast.until(() => fast.texts().length === wanted.length)

  expect(fast.texts()).toEqual(wanted)
  // The silent one has not got more than its calls at once, but for those that were given up after 10 seconds.
  const conversations = () =>
    new Set(slow.heard.map(({ body }) => body.changes[0]?.conversationId)).size
  expect(conversations()).toBeLessThan(CONVERSATIONS)
  release(200)
  await slow.until(() => conversations() === CONVERSATIONS)
})

test('an end point that wants to speak another protocol has failed, and gets the notification again', async () => {
  let asked = 0
  const { promise: gotIt, resolve } = Promise.withResolvers<void>()
  await using end = await startHttpSite((_, response) => {
    asked += 1
    if (asked > 1) return void response.end(resolve)
    // Over which Node says nothing but that the connection has ended.
    response.writeHead(101, { connection: 'upgrade', upgrade: 'other' }).end()
  })
  await using server = await startTestServer({
    clock: 'system',
    env: { PARLEY_EGRESS_PRIVATE: end.host },
  })
  const scene = await anotherScene(server)
  const connector = await givenConnector(scene, { url: end.origin, events: EVENTS })
  const { say } = await connector.open('a')
  await say('hello')
  await gotIt
  expect(asked).toBe(2)
})
