import { expect, inject, test } from 'vitest'
import {
  dice,
  openAgentSocket,
  openConsumerSocket,
  startTestServer,
  type WireSocket,
} from '#testing'
import { OPERATION_NAMES } from '#wire/messaging/requests'

declare module 'vitest' {
  interface ProvidedContext {
    /** How many generated frames are sent to sockets. */
    frames: number
  }
}

const FRAMES = inject('frames')
const BURST = 500

/** Every operation, and names that are none. */
const TYPES = [...OPERATION_NAMES, '__proto__', 'constructor', '']

const NAMES = [
  'dialogId',
  'conversationId',
  'event',
  'type',
  'message',
  'contentType',
  'chatState',
  'status',
  'sequenceList',
  'conversationField',
  'field',
  'role',
  'userId',
  'skill',
  'ttrType',
  'value',
  'time',
  'ringId',
  'ringState',
  'availability',
  'subscriptionId',
  'convState',
  'stage',
  'agentIds',
  'content',
  'elements',
  'click',
  'metadata',
  'fromSeq',
  'skillId',
  'conversationContext',
  '__proto__',
  'toString',
]

function junk(roll: (sides: number) => number, ids: readonly string[], depth: number): unknown {
  const leaves = [
    () => null,
    () => roll(2) === 0,
    () => roll(1_000_000) - 500_000,
    () => 1e308 * (roll(3) - 1),
    () => ids[roll(ids.length)],
    () => NAMES[roll(NAMES.length)],
    () => ['ContentEvent', 'RichContentEvent', 'AcceptStatusEvent', 'ChatStateEvent'][roll(4)],
    () =>
      ['text/plain', 'hosted/file', 'OPEN', 'CLOSE', 'ADD', 'REMOVE', 'ASSIGNED_AGENT', 'Skill'][
        roll(8)
      ],
    () => '\u0000\ud800',
    () => 'x'.repeat(roll(300)),
  ]
  const kind = depth > 0 ? roll(leaves.length + 6) : roll(leaves.length)
  if (kind < leaves.length) return leaves[kind]!()
  if (kind < leaves.length + 2) {
    return Array.from({ length: roll(4) }, () => junk(roll, ids, depth - 1))
  }
  return Object.fromEntries(
    Array.from({ length: roll(6) }, () => [NAMES[roll(NAMES.length)]!, junk(roll, ids, depth - 1)]),
  )
}

function frame(roll: (sides: number) => number, ids: readonly string[], id: number): string {
  const body = junk(roll, ids, 4)
  const metadata = roll(4) === 0 ? { metadata: junk(roll, ids, 2) } : {}
  const whole = { kind: 'req', id: `f${id}`, type: TYPES[roll(TYPES.length)], body, ...metadata }
  const text = JSON.stringify(whole)
  const mistakes = [
    () => text.slice(0, roll(text.length)),
    () => JSON.stringify(body),
    () => text.replace('"req"', '"notification"'),
    () => text.replaceAll('"', "'"),
  ]
  return roll(20) === 0 ? mistakes[roll(mistakes.length)]!() : text
}

async function flood(socket: WireSocket, ids: readonly string[], seed: number, count: number) {
  const roll = dice(seed)
  for (let sent = 0; sent < count;) {
    const answeredBefore = socket.responses()
    for (let burst = 0; burst < BURST && sent < count; burst += 1) {
      socket.sendRaw(frame(roll, ids, sent))
      sent += 1
    }
    await socket.until(
      () => socket.responses() - answeredBefore >= Math.min(BURST, count),
      'answers',
    )
  }
}

test('any frame is answered or refused, and the sockets stay open', async () => {
  await using server = await startTestServer()
  await server.request('PATCH', `/api/v1/accounts/${server.accountId}/settings`, {
    bearer: server.adminBearer,
    body: { messaging: { requestsPerSecond: 100_000, accountRequestsPerSecond: 1_000_000 } },
  })
  await using consumer = await openConsumerSocket(server)
  await using agent = await openAgentSocket(server, server.agents[0]!)
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)
  const ids = [conversationId, consumer.consumerId, agent.oldId, agent.pid, '1001']

  await Promise.all([flood(consumer, ids, 1, FRAMES / 2), flood(agent, ids, 2, FRAMES / 2)])
  const codes = new Set<number>()
  for (const socket of [consumer, agent]) {
    for (const frameOf of socket.frames) if (frameOf.kind === 'resp') codes.add(frameOf.code)
  }
  expect([...codes].filter((code) => code >= 500)).toEqual([])
  expect((await consumer.request('GetClock', {})).code).toBe(200)
  expect((await agent.request('.GetClock', {})).code).toBe(200)
}, 900_000)
