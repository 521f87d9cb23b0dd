import { expect, test } from 'vitest'
import {
  openConsumerSocket,
  startDoomedNode,
  startTestServer,
  stopAt,
  type TestServer,
} from '#testing'

const MINUTE_MS = 60_000

function erasuresOf({ accountId, adminBearer, request }: TestServer) {
  const base = `/api/v1/accounts/${accountId}/erasures`
  return {
    async request(consumerId: string): Promise<string> {
      const asked = await request('POST', base, { bearer: adminBearer, body: { consumerId } })
      expect(asked.status).toBe(202)
      return asked.json<{ erasureId: string }>().erasureId
    },
    read: async (erasureId: string) =>
      (await request('GET', `${base}/${erasureId}`, { bearer: adminBearer })).json<{
        state: string
        conversations: number
      }>(),
  }
}

test('an erasure whose node is killed goes on with all that it has found', async () => {
  await using server = await startTestServer({ clock: 'system' })
  const { db } = server.context.store
  await using consumer = await openConsumerSocket(server)
  const conversationId = await consumer.openConversation()
  await consumer.say(conversationId, 'a secret')
  // Rows are left to the node that dies.
  await server.context.delivery.drain(0)
  await using doomed = await startDoomedNode(server)
  const erasures = erasuresOf(server)

  const stop = await stopAt(
    server,
    'document',
    `before delete for each row when (old.kind = 'consumer')`,
  )
  const erasureId = await erasures.request(consumer.consumerId)
  await stop.reached()
  await doomed.kill()
  await stop.release()
  const ofConversation = () =>
    db
      .selectFrom('message')
      .select('sequence')
      .where('conversationId', '=', conversationId)
      .execute()
  expect(await ofConversation()).toEqual([])
  await doomed.start()

  await expect.poll(() => erasures.read(erasureId)).toMatchObject({ conversations: 1 })
  // What a function has written since is erased in a minute, and is found by the conversation's id.
  await expect
    .poll(async () => {
      const rows = await db
        .selectFrom('outbox')
        .select('facts')
        .where('consumer', '=', 'erasure')
        .execute()
      return rows.map(({ facts }) => facts)
    })
    .toMatchObject([{ erasureId, again: [conversationId] }])
})

test('a consumer that comes back during its erasure has one open conversation at most', async () => {
  await using server = await startTestServer()
  await using consumer = await openConsumerSocket(server)
  await consumer.request('userprofile.SetUserProfile', { firstName: 'Grace' })
  const erasures = erasuresOf(server)

  const stop = await stopAt(
    server,
    'document',
    `before delete for each row when (old.kind = 'profile')`,
  )
  const erasureId = await erasures.request(consumer.consumerId)
  await stop.reached()
  await consumer.openConversation()
  await stop.goOn()
  await server.clock.advance(MINUTE_MS)
  expect(await erasures.read(erasureId)).toMatchObject({ state: 'done', conversations: 1 })

  await consumer.openConversation()
  const { db } = server.context.store
  const open = await db
    .selectFrom('conversation')
    .select('stage')
    .where('consumerId', '=', consumer.consumerId)
    .execute()
  expect(open).toEqual([{ stage: 'OPEN' }])
})
