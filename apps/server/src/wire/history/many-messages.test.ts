import { expect, test } from 'vitest'
import {
  multiplyConversation,
  multiplyMessages,
  openConsumerSocket,
  type Scene,
  startTestServer,
  type TestServer,
} from '#testing'

interface Found {
  info: { conversationId: string; isPartial: boolean }
  messageRecords: object[]
}

const MANY = 9_500

async function search(scene: Scene, conversationIds: readonly string[]): Promise<Found[]> {
  const path = `/messaging_history/api/account/${scene.accountId}/conversations/conversation/search`
  const body = { conversationIds, contentToRetrieve: ['messageRecords'] }
  const reply = await scene.request('POST', path, { bearer: scene.adminBearer, body })
  return (reply.json() as { conversationHistoryRecords: Found[] }).conversationHistoryRecords
}

async function givenConversation(server: TestServer): Promise<string> {
  await using consumer = await openConsumerSocket(server)
  const conversationId = await consumer.openConversation()
  await consumer.say(conversationId, 'Hello')
  await multiplyMessages(server, conversationId, MANY)
  return conversationId
}

const messagesIn = (found: readonly Found[]) =>
  found.reduce((sum, { messageRecords }) => sum + messageRecords.length, 0)

test('one answer has 50,000 messages at most, and says of which conversations it has not all of them', async () => {
  await using server = await startTestServer()
  const ids: string[] = []
  for (let nth = 0; nth < 6; nth += 1) ids.push(await givenConversation(server))

  const all = await search(server, ids)
  expect(messagesIn(all)).toBeLessThanOrEqual(50_000)
  expect(all.map(({ info }) => info.isPartial)).toEqual([false, false, false, false, false, true])

  const last = all.at(-1)!.info.conversationId
  const [alone] = await search(server, [last])
  expect(alone?.info.isPartial).toBe(false)
  expect(alone?.messageRecords.length).toBeGreaterThan(MANY)

  await multiplyMessages(server, last, MANY)
  const [long] = await search(server, [last])
  expect(long?.info.isPartial).toBe(true)
})

test('one answer has no more of long messages than a node and its client have room for', async () => {
  await using server = await startTestServer()
  await using consumer = await openConsumerSocket(server)
  const dialogId = await consumer.openConversation()
  const event = { type: 'ContentEvent', contentType: 'text/plain', message: 'Hello' }
  const metadata = [{ type: 'Page', read: 'x'.repeat(19_000) }]
  const said = await consumer.request('ms.PublishEvent', { dialogId, event }, { metadata })
  expect(said.code).toBe(200)
  await multiplyMessages(server, dialogId, 3_000)

  const [found] = await search(server, [dialogId])

  expect(found?.info.isPartial).toBe(true)
  expect(found?.messageRecords.length).toBeGreaterThan(2_000)
  expect(found?.messageRecords.length).toBeLessThan(3_000)
})

test('as many conversations as may be named are answered, also with one more in the older member', async () => {
  await using server = await startTestServer()
  await using consumer = await openConsumerSocket(server)
  const conversationId = await consumer.openConversation()
  await multiplyConversation(server, conversationId, 100)
  const path = `/messaging_history/api/account/${server.accountId}/conversations/conversation/search`
  const conversationIds = Array.from({ length: 100 }, (_, at) => `${conversationId}-${at + 1}`)
  const reply = await server.request('POST', path, {
    bearer: server.adminBearer,
    body: { conversationId, conversationIds },
  })
  expect(
    reply.json<{ conversationHistoryRecords: object[] }>().conversationHistoryRecords,
  ).toHaveLength(101)
})
