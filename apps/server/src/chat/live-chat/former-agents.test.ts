import { afterAll, beforeAll, expect, test } from 'vitest'
import { liveChatAccount, startTestServer, type TestServer } from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

test.each([
  ['is deleted', 'DELETE', undefined],
  ['is disabled', 'PATCH', { enabled: false }],
  ['handles no conversations any more', 'PATCH', { role: 'campaign-manager', profiles: [] }],
])('the chats of an agent who %s wait for others of their skill', async (_what, method, change) => {
  const account = await liveChatAccount(server)
  const { admin, jane, johnId } = account
  const served = await account.accepted()
  const offered = await account.start()
  await jane('POST', `/chats/${offered.chatId}/accept`)
  await jane('POST', `/chats/${offered.chatId}/transfer`, { agentId: johnId })

  await admin(method, `/users/${johnId}`, change)
  await server.clock.advance(0)
  for (const { chatId, entries } of [served, offered]) {
    expect(await entries()).toContainEqual(
      expect.objectContaining({ type: 'transferred', name: 'John Doe' }),
    )
    expect((await jane('POST', `/chats/${chatId}/accept`)).status).toBe(200)
    await jane('POST', `/chats/${chatId}/lines`, { text: 'I go on with this' })
  }
  expect(await served.entries()).toContainEqual(
    expect.objectContaining({ type: 'line', name: 'Jane Roe' }),
  )
})

test('an agent who was disabled since the request to accept a chat began gets none', async () => {
  const account = await liveChatAccount(server)
  const { accountId, john, johnId, jane } = account
  const { chatId, entries } = await account.start()
  // Of another node, whose look for the chats of the agent is over already; this one has not heard of it yet.
  await server.context.store.db
    .updateTable('accountUser')
    .set({ enabled: false })
    .where('accountId', '=', accountId)
    .where('userId', '=', johnId)
    .execute()

  const refused = await john('POST', `/chats/${chatId}/accept`)
  expect(refused.json()).toMatchObject({ error: { message: `No agent "${johnId}"` } })
  expect((await jane('POST', `/chats/${chatId}/accept`)).status).toBe(200)
  expect(await entries()).toContainEqual(
    expect.objectContaining({ type: 'accepted', name: 'Jane Roe' }),
  )
})

test('a chat that is offered to an agent who does not come waits for others of its skill after a while', async () => {
  const account = await liveChatAccount(server)
  const { admin, john, jane, janeId } = account
  const { chatId, consumer } = await account.accepted({ text: 'Hello' })
  await john('POST', `/chats/${chatId}/transfer`, { agentId: janeId })
  const accept = async () => (await john('POST', `/chats/${chatId}/accept`)).status
  await server.clock.advance(2 * 60_000)
  await consumer('POST', '/lines', { text: 'Is anybody there?' })
  expect(await accept()).toBe(403)

  await server.clock.advance(60_000)

  const { chat } = (await jane('GET', `/chats/${chatId}`)).json<{ chat: object }>()
  expect(chat).toMatchObject({ stage: 'waiting' })
  expect(chat).not.toHaveProperty('offeredTo')
  expect(await accept()).toBe(200)
  // One that nobody takes ends at its time, however it was offered.
  await john('POST', `/chats/${chatId}/transfer`, { agentId: janeId })
  await server.clock.advance(30 * 60_000)
  const ended = (await admin('GET', `/chats/${chatId}`)).json<{ chat: object }>()
  expect(ended.chat).toMatchObject({ stage: 'ended', endReason: 'not-taken' })
})
