import { afterAll, expect, test } from 'vitest'
import { anotherScene, startDoomedNode, startTestServer } from '#testing'
import { givenConnector } from './connector.fixture.ts'
import { messagesOf, openEndPoint } from './end-point.fixture.ts'

const EVENTS = ['ms.MessagingEventNotification.ContentEvent']
const CONVERSATIONS = 6
const TEXTS = ['1st', '2nd', '3rd', '4th']

const endPoint = await openEndPoint()
afterAll(() => endPoint[Symbol.asyncDispose]())
const env = { PARLEY_EGRESS_PRIVATE: endPoint.host }
const server = await startTestServer({ clock: 'system', env })
afterAll(() => server[Symbol.asyncDispose]())
const doomed = await startDoomedNode(server, env)
afterAll(() => doomed[Symbol.asyncDispose]())

test.each([1, 5, 12])(
  'a node that is killed at text %i leaves none out, keeps their order, and repeats one only under its id',
  async (killedAt) => {
    if (doomed.url() === undefined) await doomed.start()
    endPoint.answers(() => 200)
    const heardBefore = endPoint.texts().length
    const scene = await anotherScene(server)
    const settings = { url: endPoint.url, events: EVENTS }
    const connector = await givenConnector(scene, settings, doomed.url)
    const opened = await Promise.all(
      Array.from({ length: CONVERSATIONS }, (_, index) => connector.open(`consumer ${index}`)),
    )
    const { promise: killed, resolve } = Promise.withResolvers<void>()
    endPoint.answers(async () => {
      // The node dies between what the end point has heard and its answer.
      if (endPoint.texts().length - heardBefore === killedAt) {
        await doomed.kill()
        resolve()
      }
      return 200
    })
    const accepted = await Promise.all(
      opened.map(async ({ conversationId, say }) => {
        const texts: string[] = []
        for (const text of TEXTS) {
          // What the node cannot answer any more may have been stored or not.
          const isSaid = await say(text).then(
            () => true,
            () => false,
          )
          if (isSaid) texts.push(text)
        }
        return { conversationId, texts }
      }),
    )
    await killed

    for (const { conversationId, texts } of accepted) {
      const heard = () => messagesOf(endPoint.heard, conversationId)
      await endPoint.until(() => texts.every((text) => heard().some((one) => one.text === text)))
      const byId = new Map(heard().map(({ deliveryId, sequence }) => [deliveryId, sequence]))
      const sequences = [...byId.values()]
      expect(sequences).toEqual(sequences.toSorted((a, b) => Number(a) - Number(b)))
      expect(new Set(sequences).size).toBe(sequences.length)
    }
  },
)
