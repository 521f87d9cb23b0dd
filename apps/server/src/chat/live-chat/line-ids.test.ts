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

test('another message with the id of one that is stored is refused, from whichever tab it comes', async () => {
  const account = await liveChatAccount(server)
  const { chatId, consumer, entries } = await account.accepted()
  const note = { text: 'Hello', lineId: '1', audience: 'AGENTS_AND_MANAGERS' }
  await consumer('POST', '/lines', { text: 'Yes', lineId: '1' })
  await account.john('POST', `/chats/${chatId}/lines`, note)

  const refused = [
    await consumer('POST', '/lines', { text: 'No', lineId: '1' }),
    await account.john('POST', `/chats/${chatId}/lines`, { ...note, audience: 'ALL' }),
  ]
  for (const { status, text } of refused) {
    expect(status).toBe(409)
    expect(text).toContain('body.lineId: another message has the id \\"1\\"')
  }
  expect((await consumer('POST', '/lines', { text: 'Yes', lineId: '1' })).status).toBe(201)
  const lines = (await entries()).flatMap((entry) => (entry.type === 'line' ? entry.text : []))
  expect(lines).toEqual(['Yes'])
})
