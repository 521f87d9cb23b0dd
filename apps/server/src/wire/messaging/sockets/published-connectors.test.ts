import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  openAgentSocket,
  openConsumerSocket,
  signUp,
  startTestServer,
  type TestServer,
} from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

test('the published example of a connector, with an urgency of its own and no time for it, opens a conversation', async () => {
  const jwt = await signUp(server)
  const context = { visitorId: 'A3', sessionId: 'ys', interactionContextId: '2', lang: 'en-US' }
  const opened = await server.request(
    'POST',
    `/api/account/${server.accountId}/messaging/consumer/conversation?v=3`,
    {
      bearer: server.appToken,
      headers: { 'x-lp-on-behalf': jwt },
      body: [
        { kind: 'req', id: '1,', type: 'userprofile.SetUserProfile', body: {} },
        {
          kind: 'req',
          id: '2,',
          type: 'cm.ConsumerRequestConversation',
          body: {
            ttrDefName: 'CUSTOM',
            campaignInfo: { campaignId: '99999', engagementId: '888888' },
            conversationContext: { type: 'SharkContext', ...context },
            channelType: 'MESSAGING',
            brandId: server.accountId,
            skillId: '-1',
          },
        },
      ],
    },
  )
  const answers = opened.json<{ reqId: string; code: number; body: { conversationId: string } }[]>()
  expect(answers).toMatchObject([
    { reqId: '1,', code: 200 },
    { reqId: '2,', code: 200 },
  ])
  await using device = await openConsumerSocket(server, { jwt })
  await device.request('cqm.SubscribeExConversations', { convState: ['OPEN'] })
  const details = () =>
    device.notifications
      .flatMap(({ body }) => body.changes ?? [])
      .find(({ result }) => result?.convId === answers[1]!.body.conversationId)?.result
      .conversationDetails
  await device.until(() => details() !== undefined, 'the conversation')
  // As urgent as any other, where nobody has said how urgent.
  expect(details()).toMatchObject({ ttr: { ttrType: 'CUSTOM', value: 3600 } })
})

test('the first message of a conversation comes with the call that opens it, and a request without an id is done, too', async () => {
  await using agent = await openAgentSocket(server, server.agents[0]!)
  await agent.goOnline()
  const jwt = await signUp(server)
  const post = async (path: string, body: unknown) => {
    const reply = await server.request(
      'POST',
      `/api/account/${server.accountId}/messaging/consumer/${path}?v=3`,
      { bearer: server.appToken, headers: { 'x-lp-on-behalf': jwt }, body },
    )
    return reply.json()
  }
  const event = { type: 'ContentEvent', contentType: 'text/plain', message: 'Hi' }
  const publish = { kind: 'req', id: '3', type: 'ms.PublishEvent', body: { event } }
  const open = (skillId: string) => [
    { kind: 'req', id: '2,', type: 'userprofile.SetUserProfile', body: { role: 'X' } },
    {
      kind: 'req',
      id: '1,',
      type: 'cm.ConsumerRequestConversation',
      body: { skillId, conversationContext: { visitorId: '', sessionId: '' } },
    },
    publish,
  ]
  // Where none is opened there is nothing to write into.
  expect(await post('conversation', open('404'))).toMatchObject([
    { reqId: '2,', code: 200 },
    { reqId: '1,', code: 404 },
    { reqId: '3', code: 400 },
  ])
  const opened = await post('conversation', open('1001'))
  expect(opened).toMatchObject([
    { reqId: '2,', code: 200 },
    { reqId: '1,', code: 200 },
    { reqId: '3', code: 200, body: { sequence: 0 } },
  ])
  const { conversationId } = (opened as { body: { conversationId: string } }[])[1]!.body
  await agent.accept(conversationId)
  await agent.message(conversationId, ({ text }) => text === 'Hi')
  // One that names no visitor has one.
  const { context } = agent.details(conversationId)!
  expect(context).toMatchObject({
    visitorId: expect.stringMatching(/./),
    sessionId: expect.stringMatching(/./),
  })

  const nameless = { kind: 'req', id: null, type: 'ms.PublishEvent' }
  const again = { ...nameless, body: { dialogId: conversationId, event } }
  const answers = [
    await post('conversation/send', again),
    await post('conversation/send', again),
    await post('conversation/send', {
      kind: 'req',
      id: null,
      type: 'cm.UpdateConversationField',
      body: {
        conversationId,
        conversationField: {
          field: 'DialogChange',
          type: 'UPDATE',
          dialog: { dialogId: conversationId, state: 'CLOSE' },
        },
      },
    }),
  ]
  expect(answers).toMatchObject([{ code: 200 }, { code: 200 }, { code: 200 }])
  await agent.until(() => agent.details(conversationId)?.state === 'CLOSE', 'the close')
})
