import { messaging } from '@parley/contract'
import { expect, test } from 'vitest'
import {
  BEYOND,
  dice,
  eachLeaf,
  nearly,
  openAgentSocket,
  openConsumerSocket,
  schemasIn,
  startTestServer,
  type WireSocket,
} from '#testing'
import { OPERATION_NAMES } from '#wire/messaging/requests'

const BODIES = [...schemasIn(messaging, '').keys()]

/** Every request with every body, nearly right, about a conversation that exists. */
function frames(conversationId: string, seed: number): string[] {
  const roll = dice(seed)
  const about = { dialogId: conversationId, conversationId }
  return OPERATION_NAMES.flatMap((type) =>
    BODIES.flatMap((schema) =>
      [...eachLeaf(schema, BEYOND), nearly(schema, roll), nearly(schema, roll)].map((made) => {
        const isObject = typeof made === 'object' && made !== null && !Array.isArray(made)
        // Messages are checked after the body that they are in.
        const event = isObject &&
          'event' in made && { event: nearly(messaging.PublishedEvent, roll) }
        const body = isObject ? { ...made, ...about, ...event } : made
        const metadata = roll(4) === 0 ? nearly(messaging.Metadata, roll) : undefined
        return JSON.stringify({ kind: 'req', id: type, type, body, metadata })
      }),
    ),
  )
}

async function failures(socket: WireSocket, texts: readonly string[]): Promise<string[]> {
  const before = socket.frames.length
  for (let at = 0; at < texts.length; at += 500) {
    const answered = socket.responses()
    const burst = texts.slice(at, at + 500)
    for (const text of burst) socket.sendRaw(text)
    await socket.until(() => socket.responses() - answered >= burst.length, 'answers')
  }
  return socket.frames
    .slice(before)
    .flatMap((frame) =>
      frame.kind === 'resp' && frame.code >= 500 ? [`${frame.code} ${String(frame.reqId)}`] : [],
    )
}

test('no request on a socket is answered 500 for its body', async () => {
  await using server = await startTestServer()
  const limits = { requestsPerSecond: 100_000, accountRequestsPerSecond: 1_000_000 }
  await server.request('PATCH', `/api/v1/accounts/${server.accountId}/settings`, {
    bearer: server.adminBearer,
    body: { messaging: limits },
  })
  await using consumer = await openConsumerSocket(server)
  await using agent = await openAgentSocket(server, server.agents[0]!)
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)

  const [ofConsumer, ofAgent] = await Promise.all([
    failures(consumer, frames(conversationId, 1)),
    failures(agent, frames(conversationId, 2)),
  ])

  expect({ ofConsumer: [...new Set(ofConsumer)], ofAgent: [...new Set(ofAgent)] }).toEqual({
    ofConsumer: [],
    ofAgent: [],
  })
  expect((await consumer.request('GetClock', {})).code).toBe(200)
})
