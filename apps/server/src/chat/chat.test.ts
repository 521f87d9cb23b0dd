import { afterAll, expect, test } from 'vitest'
import { liveChatAccount, startTestServer } from '#testing'

const server = await startTestServer()
afterAll(() => server[Symbol.asyncDispose]())

test('a chat goes from the queue through lines and a transfer to its end', async () => {
  const account = await liveChatAccount(server)
  const { john, jane, careSkillId, returnsSkillId } = account
  const chat = await account.start({
    name: 'Ada',
    email: 'ada@example.com',
    text: 'Anybody there?',
  })
  const path = `/chats/${chat.chatId}`

  const waiting = await john('GET', `/chats?stage=waiting&skillId=${careSkillId}`)
  expect(waiting.json()).toMatchObject({
    chats: [{ chatId: chat.chatId, consumer: { name: 'Ada', email: 'ada@example.com' } }],
  })
  const accepted = await john('POST', `${path}/accept`)
  expect(accepted.json()).toMatchObject({ stage: 'active', agent: { name: 'John Doe' } })
  await john('POST', `${path}/lines`, { text: 'What can I do for you?' })
  await chat.consumer('POST', '/lines', { text: 'I want\nto return it' })
  await john('POST', `${path}/transfer`, { skillId: returnsSkillId })
  expect((await john('POST', `${path}/lines`, { text: 'too late' })).status).toBe(403)
  await jane('POST', `${path}/accept`)
  const ended = await jane('POST', `${path}/end`)

  expect(ended.json()).toMatchObject({
    stage: 'ended',
    endedBy: 'AGENT',
    skillName: 'Returns',
    agents: [{ name: 'John Doe' }, { name: 'Jane Roe' }],
    survey: 'open',
  })
  expect(await chat.entries()).toMatchObject([
    { sequence: 0, type: 'line', by: 'CONSUMER', name: 'Ada', text: 'Anybody there?' },
    { type: 'accepted', name: 'John Doe' },
    { type: 'line', by: 'AGENT', name: 'John Doe', text: 'What can I do for you?' },
    { type: 'line', by: 'CONSUMER', text: 'I want\nto return it' },
    { type: 'transferred', name: 'John Doe', skillName: 'Returns' },
    { type: 'accepted', name: 'Jane Roe' },
    { sequence: 6, type: 'ended', by: 'AGENT', reason: 'closed' },
  ])
  expect((await chat.consumer('POST', '/lines', { text: 'Hello?' })).status).toBe(409)
  expect((await chat.consumer('POST', '/end')).json()).toMatchObject({
    error: { code: 'chat_ended' },
  })
})
