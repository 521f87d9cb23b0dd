import { afterAll, beforeAll, expect, test } from 'vitest'
import { servedConversation, startTestServer, type TestServer } from '#testing'

/** The consumer is on one node, the agent on the other. */
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ nodes: 2 })
})
afterAll(() => server[Symbol.asyncDispose]())

const buttonTo = (uri: string) => ({
  type: 'button',
  title: 'Here',
  click: { actions: [{ type: 'link', name: 'Here', uri }] },
})

/** Every place of a message that takes a link. */
const PLACES: [place: string, event: (uri: string) => object][] = [
  [
    'a card',
    (uri) => ({
      type: 'RichContentEvent',
      content: {
        type: 'vertical',
        elements: [{ type: 'horizontal', elements: [buttonTo(uri)] }],
      },
    }),
  ],
  [
    'an image of a card',
    (uri) => ({
      type: 'RichContentEvent',
      content: {
        type: 'vertical',
        elements: [{ type: 'image', url: 'https://example.com/a.png', click: buttonTo(uri).click }],
      },
    }),
  ],
  [
    'a quick reply',
    (uri) => ({
      type: 'ContentEvent',
      contentType: 'text/plain',
      message: 'Look',
      quickReplies: { type: 'quickReplies', replies: [buttonTo(uri)] },
    }),
  ],
]

test.each(PLACES)('a link in %s leads to http, https, tel, mailto or geo', async (_, event) => {
  await using on = await servedConversation(server)
  const { consumer, agent, conversationId } = on
  const publish = (uri: string) => ({ dialogId: conversationId, event: event(uri) })

  for (const uri of [
    'https://example.com/?a=b c',
    'HTTP://example.com',
    'tel:+4930123456',
    'mailto:ada@example.com?subject=Hello',
    'geo:52.5,13.4',
  ]) {
    expect((await consumer.request('ms.PublishEvent', publish(uri))).code).toBe(200)
    expect((await agent.request('.ams.ms.PublishEvent', publish(uri))).code).toBe(200)
  }
  for (const uri of [
    'javascript:alert(document.cookie)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\tscript:alert(1)',
    'https:\njavascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:msgbox(1)',
    'file:///etc/passwd',
    'blob:https://example.com/1',
    'intent://scan/#Intent;scheme=zxing;end',
    '//example.com',
    'example.com',
  ]) {
    for (const answer of [
      await consumer.request('ms.PublishEvent', publish(uri)),
      await agent.request('.ams.ms.PublishEvent', publish(uri)),
    ]) {
      expect(answer.code).toBe(400)
      expect(answer.body).toContain('uri: must be an address that begins with http, https, tel')
    }
  }
})

test.each([
  ['avatarUrl', 'https://example.com/ada.png', ''],
  ['backgndImgUri', 'http://example.com/ada.png', ''],
])("a consumer's %s is an address of http or https", async (field, ...good) => {
  await using on = await servedConversation(server)
  const set = (value: string) =>
    on.consumer.request('userprofile.SetUserProfile', { [field]: value })

  for (const value of good) expect((await set(value)).code).toBe(200)
  for (const value of ['javascript:alert(1)', 'data:image/svg+xml,<svg onload="alert(1)"/>']) {
    const refused = await set(value)
    expect(refused.code).toBe(400)
    expect(refused.body).toContain(`${field}: must be an address that begins with http`)
  }
})

test('the preview of a file is a picture in base64', async () => {
  await using on = await servedConversation(server)
  const { consumer, conversationId } = on
  const send = (preview: string) => {
    const message = { relativePath: '/v1/nowhere', fileType: 'JPG', preview }
    const event = { type: 'ContentEvent', contentType: 'hosted/file', message }
    return consumer.request('ms.PublishEvent', { dialogId: conversationId, event })
  }

  // The file does not exist: the preview was taken.
  expect((await send('data:image/png;base64,iVBORw0KGgo=')).code).toBe(404)
  expect((await send('iVBORw0KGgo=')).code).toBe(404)
  for (const preview of [
    'javascript:alert(1)',
    'data:text/html;base64,PHNjcmlwdD4=',
    'data:image/svg+xml;base64,PHN2Zz4=',
  ]) {
    const refused = await send(preview)
    expect(refused.code).toBe(400)
    expect(refused.body).toContain('preview: must be base64')
  }
})
