import { afterAll, expect, test } from 'vitest'
import { liveChatAccount, startTestServer } from '#testing'

const server = await startTestServer()
afterAll(() => server[Symbol.asyncDispose]())

test('two who write for the agents may count their lines alike: both are kept', async () => {
  const account = await liveChatAccount(server)
  const { chatId, entries } = await account.accepted()
  const line = (text: string) => ({ text, lineId: '1' })
  await account.john('POST', `/chats/${chatId}/lines`, line('Of John'))
  await account.john('POST', `/chats/${chatId}/transfer`, { agentId: account.janeId })
  await account.jane('POST', `/chats/${chatId}/accept`)

  const first = await account.jane('POST', `/chats/${chatId}/lines`, line('Of Jane'))
  const again = await account.jane('POST', `/chats/${chatId}/lines`, line('Of Jane'))
  expect(first.json()).toMatchObject({ name: 'Jane Roe', text: 'Of Jane' })
  expect(again.json()).toEqual(first.json())
  const lines = (await entries()).flatMap((entry) => (entry.type === 'line' ? entry.text : []))
  expect(lines).toEqual(['Of John', 'Of Jane'])
})
