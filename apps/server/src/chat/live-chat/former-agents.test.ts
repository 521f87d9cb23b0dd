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
