import { expect, test } from 'vitest'
import {
  call,
  multiplyConversation,
  openAgentSocket,
  openConsumerSocket,
  startTestServer,
} from '#testing'

const AGENTS = 12
/** Each list is nearly as long as one socket may leave unread, and much longer than what the system takes. */
const CONVERSATIONS = 60
const elements = Array.from({ length: 47 }, () => ({ type: 'text', text: 'x'.repeat(5000) }))
const CARD = { type: 'RichContentEvent', content: { type: 'vertical', elements } }
const PASSWORD = 'a long list of agents'

test('agents of one office do not cut each other off, however much they have to read', async () => {
  await using server = await startTestServer()
  await using consumer = await openConsumerSocket(server)
  const conversationId = await consumer.openConversation()
  await consumer.request('ms.PublishEvent', { dialogId: conversationId, event: CARD })
  await multiplyConversation(server, conversationId, CONVERSATIONS - 1)

  await using opened = new AsyncDisposableStack()
  const agents = []
  for (let nth = 0; nth < AGENTS; nth += 1) {
    const user = `agent-${nth}`
    await call(server, 'POST', 'users', { loginName: user, password: PASSWORD })
    const agent = opened.use(await openAgentSocket(server, { user, password: PASSWORD }))
    agents.push(agent)
    agent.stopReading()
    const type = '.ams.aam.SubscribeExConversations'
    agent.sendRaw(JSON.stringify({ kind: 'req', id: 'list', type, body: { stage: ['OPEN'] } }))
  }

  for (const agent of agents) {
    agent.readAgain()
    const { body } = await agent.heard(({ type }) => type.includes('ExConversationChange'))
    expect(body.changes).toHaveLength(CONVERSATIONS)
  }
})
