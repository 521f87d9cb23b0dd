import { afterAll, beforeAll, expect, test } from 'vitest'
import { liveChatAccount, startTestServer, type TestServer } from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

test('live chats that wait in a skill that is deleted wait for any agent', async () => {
  const { admin, jane, janeId, john, start, returnsSkillId } = await liveChatAccount(server)
  const waiting = await start({ skillId: returnsSkillId })
  const served = await start({ skillId: returnsSkillId })
  await jane('POST', `/chats/${served.chatId}/accept`)
  expect((await john('GET', `/chats/${waiting.chatId}`)).status).toBe(404)

  expect((await admin('DELETE', `/skills/${returnsSkillId}`)).status).toBeLessThan(300)
  await server.clock.advance(0)

  const { chats } = (await john('GET', '/chats?stage=waiting')).json<{
    chats: { chatId: string; skillId: string; skillName: string }[]
  }>()
  expect(chats).toMatchObject([{ chatId: waiting.chatId, skillId: '-1' }])
  expect((await john('POST', `/chats/${waiting.chatId}/accept`)).status).toBe(200)
  // Who serves one goes on; whom it is given back to later is any agent, too.
  expect((await jane('POST', `/chats/${served.chatId}/lines`, { text: 'Here' })).status).toBe(201)
  expect((await admin('DELETE', `/users/${janeId}`)).status).toBe(204)
  await server.clock.advance(0)
  expect((await john('POST', `/chats/${served.chatId}/accept`)).status).toBe(200)
})
