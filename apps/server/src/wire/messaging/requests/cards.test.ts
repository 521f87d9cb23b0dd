import { afterAll, beforeAll, expect, test } from 'vitest'
import { servedConversation, startTestServer, type TestServer } from '#testing'

/** The consumer is on one node, the agent on the other. */
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ nodes: 2 })
})
afterAll(() => server[Symbol.asyncDispose]())

test('a card is checked against its schema, and reaches the consumer as it was sent', async () => {
  await using on = await servedConversation(server)
  const { consumer, agent, conversationId } = on
  const content = {
    type: 'vertical',
    elements: [
      { type: 'text', text: 'Pick', style: { bold: true } },
      { type: 'image', url: 'https://example.com/a.png', tooltip: 'a' },
      {
        type: 'button',
        title: 'Yes',
        click: {
          actions: [{ type: 'publishText', text: 'yes' }],
          metadata: [{ type: 'ExternalId', id: '1' }],
        },
      },
    ],
  }
  const publish = (body: object) =>
    agent.request(
      '.ams.ms.PublishEvent',
      { dialogId: conversationId, event: { type: 'RichContentEvent', content: body } },
      { metadata: [{ type: 'ExternalId', id: 'card-1' }] },
    )
  expect((await publish(content)).code).toBe(200)
  const card = await consumer.message(
    conversationId,
    ({ event }) => event.type === 'RichContentEvent',
  )
  expect(card.event.content).toEqual(content)
  expect(card.record.metadata).toEqual([{ type: 'ExternalId', id: 'card-1' }])

  const wrong = await publish({
    type: 'vertical',
    elements: [{ type: 'image', url: 'http://insecure' }],
  })
  expect(wrong.code).toBe(400)
})

test('a card with an image from a host that the account does not name is refused, if it names any', async () => {
  await using on = await servedConversation(server)
  const { agent, conversationId, account } = on
  const { accountId, adminBearer } = account
  const setHosts = (imageHosts: unknown) =>
    server.request('PATCH', `/api/v1/accounts/${accountId}/settings`, {
      bearer: adminBearer,
      body: { messaging: { imageHosts } },
    })
  const send = (host: string) => {
    const image = { type: 'image', url: `https://${host}/a.png` }
    const content = { type: 'carousel', elements: [{ type: 'vertical', elements: [image] }] }
    const event = { type: 'RichContentEvent', content }
    return agent.request('.ams.ms.PublishEvent', { dialogId: conversationId, event })
  }
  expect((await send('anywhere.example')).code).toBe(200)
  expect((await setHosts(['https://cdn.example.com'])).text).toContain('imageHosts')
  await setHosts(['cdn.example.com', '*.images.example'])
  const refused = await send('anywhere.example')
  expect(refused.code).toBe(400)
  expect(JSON.stringify(refused.body)).toContain('anywhere.example')
  expect((await send('cdn.example.com')).code).toBe(200)
  expect((await send('one.images.example')).code).toBe(200)
  expect((await send('one.more.images.example')).code).toBe(400)
})

test('a card with too many elements, or boxes in each other, is refused before it is read', async () => {
  await using on = await servedConversation(server)
  const { agent, conversationId } = on
  const send = async (content: unknown) => {
    const event = { type: 'RichContentEvent', content }
    const { code, body } = await agent.request('.ams.ms.PublishEvent', {
      dialogId: conversationId,
      event,
    })
    return { code, body }
  }
  const text = { type: 'text', text: 'a' }
  const box = (elements: unknown[]) => ({ type: 'vertical', elements })
  const nested = (depth: number): object => box([depth === 1 ? text : nested(depth - 1)])
  const wide = (rows: number) =>
    box(Array.from({ length: rows }, () => box(Array.from({ length: 49 }, () => text))))

  expect((await send(nested(16))).code).toBe(200)
  expect(await send(nested(17))).toEqual({
    code: 400,
    body: 'body.content: must have at most 16 boxes in each other',
  })
  expect((await send(wide(10))).code).toBe(200)
  expect(await send(wide(11))).toEqual({
    code: 400,
    body: 'body.content: must have at most 500 elements',
  })
})
