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
    body: 'body.event.content: must have at most 16 boxes in each other',
  })
  expect((await send(wide(10))).code).toBe(200)
  expect(await send(wide(11))).toEqual({
    code: 400,
    body: 'body.event.content: must have at most 500 elements',
  })
})

const yes = {
  type: 'button',
  title: 'Yes',
  click: { actions: [{ type: 'publishText', text: 'y' }] },
}
const date = { type: 'datePicker', class: 'range', title: 'When', minDate: 1, maxDate: 2 }
const slot = {
  type: 'scheduleSlot',
  id: 's',
  start: 1,
  end: 2,
  imageUrl: 'https://example.com/a.png',
}
const checkbox = {
  type: 'checkbox',
  text: 'one',
  click: { actions: [{ type: 'checked', publishText: 'one' }] },
}
const submit = {
  type: 'submitButton',
  title: 'Send',
  click: { actions: [{ type: 'submitAsText', submit: true }] },
}
const section = {
  type: 'section',
  sectionID: 'a',
  elements: [
    { type: 'text', text: 'Pick' },
    { type: 'checklist', elements: [checkbox, checkbox] },
  ],
}
const card = { type: 'vertical', elements: [{ type: 'text', text: 'a', tag: 't' }, yes] }

const ROOTS: object[] = [
  { type: 'text', text: 'alone', style: { bold: true, 'background-color': '#fff' } },
  { type: 'image', url: 'https://example.com/a.png', caption: 'a' },
  yes,
  { type: 'map', la: 1, lo: 2 },
  { type: 'linkPreview', url: 'https://example.com', title: 'a' },
  { type: 'template', templateType: 'quickReply', title: 'a', resp: ['yes', 'no'] },
  { type: 'template', templateType: 'datePicker' },
  date,
  { ...yes, click: { actions: [date] } },
  { ...yes, click: { actions: [{ type: 'scheduleSlotList', slots: [slot] }] } },
  { ...yes, click: { actions: [{ type: 'addToCart', items: [{ productId: 'p', quantity: 1 }] }] } },
  { ...yes, click: { actions: [{ type: 'custom', data: [{ key: 'k', value: 'v' }] }] } },
  {
    ...yes,
    click: { actions: [{ type: 'link', uri: 'https://a.example', ios: { uri: 'tel:1' } }] },
  },
  card,
  { type: 'horizontal', elements: [card], percentages: [50, 50], borderLine: false },
  { type: 'carousel', elements: [card, card], padding: 10 },
  { type: 'tabs', elements: [card] },
  { type: 'accordionSelect', selectMode: { name: 'a' }, titles: [{ name: 'a' }], elements: [card] },
  { type: 'carouselSelect', selectMode: { name: 'a', type: 'single' }, elements: [card] },
  {
    type: 'list',
    elements: [
      { type: 'text', text: 'Pick' },
      { type: 'sectionList', elements: [section] },
      { type: 'buttonList', elements: [submit, yes] },
    ],
  },
]

test('every element may be what a message shows, and reaches the consumer as it was sent', async () => {
  await using on = await servedConversation(server)
  const { agent, consumer, conversationId } = on
  for (const content of ROOTS) {
    const event = { type: 'RichContentEvent', content }
    const answer = await agent.request('.ams.ms.PublishEvent', { dialogId: conversationId, event })
    expect([content, answer.code]).toEqual([content, 200])
  }
  const cards = () =>
    consumer
      .messages(conversationId)
      .flatMap(({ event }) => (event.type === 'RichContentEvent' ? [event.content] : []))
  await expect.poll(() => cards().length).toBe(ROOTS.length)

  expect(cards()).toEqual(ROOTS)
})

test('what is wrong with an element is refused by the name of its field', async () => {
  await using on = await servedConversation(server)
  const { agent, conversationId } = on
  const refusal = async (content: unknown) => {
    const event = { type: 'RichContentEvent', content }
    const { code, body } = await agent.request('.ams.ms.PublishEvent', {
      dialogId: conversationId,
      event,
    })
    expect(code).toBe(400)
    return String(body).split(':')[0]
  }
  const inCard = (element: object) => ({ type: 'vertical', elements: [card, element] })
  const clicking = (action: object) => inCard({ ...yes, click: { actions: [action] } })
  const at = 'body.event.content'

  expect(await refusal({ type: 'nothing' })).toBe(`${at}.type`)
  expect(await refusal('text')).toBe(at)
  expect(await refusal({ type: 'text' })).toBe(`${at}.text`)
  expect(await refusal(inCard({ type: 'image', url: 'http://a.example' }))).toBe(
    `${at}.elements.1.url`,
  )
  expect(await refusal(inCard({ type: 'image', url: 'https://ada:secret@a.example/i.png' }))).toBe(
    `${at}.elements.1.url`,
  )
  expect(await refusal(inCard({ type: 'linkPreview', url: 'javascript:alert(1)' }))).toBe(
    `${at}.elements.1.url`,
  )
  expect(await refusal(inCard({ ...date, minDate: 'soon' }))).toBe(`${at}.elements.1.minDate`)
  expect(await refusal(clicking({ ...date, class: 'all' }))).toBe(
    `${at}.elements.1.click.actions.0.class`,
  )
  expect(await refusal(clicking({ type: 'nothing' }))).toBe(`${at}.elements.1.click.actions.0.type`)
  expect(
    await refusal(clicking({ type: 'link', uri: 'https://a', web: { uri: 'javascript:1' } })),
  ).toBe(`${at}.elements.1.click.actions.0.web.uri`)
  expect(await refusal({ type: 'checklist', elements: [yes] })).toBe(`${at}.elements.0.type`)
  expect(await refusal({ ...section, sectionID: undefined })).toBe(`${at}.sectionID`)
  expect(await refusal({ type: 'accordionSelect', elements: [card] })).toBe(`${at}.selectMode`)
})

test('pictures of slots come from the hosts that the account names, too', async () => {
  await using on = await servedConversation(server)
  const { agent, conversationId, account } = on
  await server.request('PATCH', `/api/v1/accounts/${account.accountId}/settings`, {
    bearer: account.adminBearer,
    body: { messaging: { imageHosts: ['cdn.example.com'] } },
  })
  const send = async (host: string) => {
    const imageUrl = `https://${host}/a.png`
    const slots = [{ ...slot, imageUrl }]
    const content = { ...yes, click: { actions: [{ type: 'scheduleSlotList', slots }] } }
    const event = { type: 'RichContentEvent', content }
    return (await agent.request('.ams.ms.PublishEvent', { dialogId: conversationId, event })).code
  }
  expect(await send('elsewhere.example')).toBe(400)
  expect(await send('cdn.example.com')).toBe(200)
})
