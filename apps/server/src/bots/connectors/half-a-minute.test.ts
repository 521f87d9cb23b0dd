import { afterAll, beforeAll, expect, test } from 'vitest'
import { anotherScene, call, startTestServer, type TestServer } from '#testing'
import { givenBot, PREFIX } from './connectors.fixture.ts'
import { openVendor } from './end-point.fixture.ts'

let server: TestServer
let end: Awaited<ReturnType<typeof openVendor>>
beforeAll(async () => {
  end = await openVendor()
  const env = { PARLEY_EGRESS_PRIVATE: end.host }
  server = await startTestServer({ wallClock: 'system', env })
  end.trusts(server.url)
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await end[Symbol.asyncDispose]()
})

const ANSWERS = `callback(null, { messages: ['unheard'] })`
const HANGS = `await new Promise(() => undefined)`

/** Who is silent, and what that is called. */
const SILENT = [
  {
    who: 'a function',
    error: 'aivendor.faas.invoke-lambda',
    body: HANGS,
    hooks: [],
    outside: false,
  },
  {
    who: 'a pre hook',
    error: 'aivendor.faas.failed-hook',
    body: ANSWERS,
    hooks: ['pre'],
    outside: false,
  },
  {
    who: 'a post hook',
    error: 'aivendor.faas.failed-hook',
    body: ANSWERS,
    hooks: ['post'],
    outside: false,
  },
  {
    who: 'a program outside',
    error: 'aivendor.customendpoint.send-request',
    body: ANSWERS,
    hooks: [],
    outside: true,
  },
]

test('vendors and hooks have half a minute each, then a human goes on', async () => {
  end.answers(() => undefined)
  const took = await Promise.all(
    SILENT.map(async ({ who, error, body, hooks, outside }) => {
      const scene = await anotherScene(server)
      const bot = await givenBot(scene, body, async (fn) => ({
        hooks: Object.fromEntries(
          await Promise.all(hooks.map(async (name) => [name, await fn(HANGS)])),
        ),
      }))
      if (outside) {
        const { clientId, clientSecret } = await call<Record<string, string>>(
          scene,
          'POST',
          'clients',
          {
            name: 'bot',
            scopes: ['thirdpartybots.customendpoint.bot'],
          },
        )
        const vendor = { ...end.vendor, clientId, clientSecret }
        await call(scene, 'PATCH', `connectors/${bot.connectorId}`, { vendor })
      }
      const { consumer, conversationId } = await bot.consumer()
      await using _ = consumer
      const askedAt = performance.now()
      await consumer.say(conversationId, 'hello')
      await expect
        .poll(() => consumer.messages(conversationId).map(({ text }) => text))
        .toContain('A human will help you')
      const ms = performance.now() - askedAt
      await scene.clock.advance(0)
      const errors = await bot.errors()
      expect(errors).toMatchObject([{ name: PREFIX + error, conversationId }])
      return { who, ms }
    }),
  )
  for (const { who, ms } of took) {
    expect({ who, waited: ms >= 30_000 }).toEqual({ who, waited: true })
  }
})
