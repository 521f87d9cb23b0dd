import { expect, test } from 'vitest'
import {
  copyOpenConversation,
  openAgentSocket,
  openConsumerSocket,
  startTestServer,
} from '#testing'

const TEXT = 'x'.repeat(5_000)
const CARD = {
  type: 'vertical',
  elements: Array.from({ length: 45 }, () => ({ type: 'text', text: TEXT })),
}

test('agents are told of many conversations that end with large cards by frames that they can read', async () => {
  await using server = await startTestServer()
  await using consumer = await openConsumerSocket(server)
  const dialogId = await consumer.openConversation({ skillId: '1001' })
  const event = { type: 'RichContentEvent', content: CARD }
  expect((await consumer.request('ms.PublishEvent', { dialogId, event })).code).toBe(200)
  await copyOpenConversation(server, dialogId, 300)
  await using agent = await openAgentSocket(server, server.agents[0]!)

  await agent.goOnline()

  const told = await agent.heard(({ type }) => type.endsWith('ExConversationChangeNotification'))
  expect(told.body.changes).toHaveLength(301)
  expect(JSON.stringify(told).length).toBeLessThan(2_000_000)
  const { changes } = told.body as { changes: { result: object }[] }
  for (const { result } of changes)
    expect(result).not.toHaveProperty('lastContentEventNotification')
  // Each change of a conversation goes to all agents.
  await consumer.say(dialogId, 'Is anybody there?')
  await agent.until(
    () =>
      agent.details(dialogId) !== undefined &&
      JSON.stringify(agent.notifications.at(-1)).includes('anybody'),
    'what was said',
  )
})
