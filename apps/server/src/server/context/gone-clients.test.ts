import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { listBounds } from '@parley/contract'
import {
  anotherScene,
  call,
  openConsumerSocket,
  openEventSource,
  PATIENCE_MS,
  startTestServer,
} from '#testing'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as (options: {
  type: 'major'
  execution: 'async'
}) => Promise<void>

const OPERATOR_KEY = 'the-key-of-the-operator-in-tests-2'

test('nothing that was counted for a client is kept when the client has gone', async () => {
  await using server = await startTestServer({ env: { PARLEY_OPERATOR_KEY: OPERATOR_KEY } })
  const scene = await anotherScene(server)
  const authorization = `Bearer ${scene.adminBearer}`

  async function come(): Promise<void> {
    await using consumer = await openConsumerSocket(scene)
    const conversationId = await consumer.openConversation()
    await consumer.say(conversationId, 'Hello')
    const path = `/api/v1/accounts/${scene.accountId}/updates?topics=conversations`
    using source = await openEventSource(`${scene.url}${path}`, { authorization })
    await source.until(({ event }) => event === 'ready')
    await call(scene, 'GET', 'conversations')
  }
  /** How many structures there are of each bound. */
  async function structures(): Promise<Record<string, number>> {
    await collect({ type: 'major', execution: 'async' })
    const reply = await server.request('GET', listBounds.path, { bearer: OPERATOR_KEY })
    const { bounds } = listBounds.reply.parse(reply.json())
    return Object.fromEntries(bounds.map((bound) => [bound.holds, bound.structures]))
  }

  await come()
  const before = await structures()
  for (let client = 0; client < 10; client++) await come()

  const grown = async () => {
    const now = await structures()
    return Object.keys(now).filter((holds) => (now[holds] ?? 0) > (before[holds] ?? 0) + 3)
  }
  await expect.poll(grown, { timeout: PATIENCE_MS }).toEqual([])
})
