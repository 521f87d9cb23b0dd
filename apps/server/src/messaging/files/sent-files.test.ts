import { afterAll, beforeAll, expect, test } from 'vitest'
import { givenIssuer, startTestServer, type TestServer, twoNodeAccount } from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ nodes: 2 })
})
afterAll(() => server[Symbol.asyncDispose]())

test('a file is uploaded, sent in a conversation, and downloaded by the other side', async () => {
  const on = await twoNodeAccount(server)
  await using consumer = await on.newConsumer()
  await using agent = await on.newAgent()
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)
  const bytes = Buffer.from('not really a picture')
  const granted = await consumer.request('ms.GenerateURLForUploadFile', {
    fileSize: bytes.length,
    fileType: 'png',
  })
  const { relativePath, queryParams } = granted.body
  const address = (path: string, query: Record<string, string>) =>
    `${path}?${new URLSearchParams(query).toString()}`
  const put = await server.request('PUT', address(relativePath, queryParams), {
    body: bytes,
    headers: { 'content-type': 'image/png' },
  })
  expect(put.status).toBe(201)
  const published = await consumer.request('ms.PublishEvent', {
    dialogId: conversationId,
    event: {
      type: 'ContentEvent',
      contentType: 'hosted/file',
      message: { caption: 'Look', relativePath, fileType: 'PNG' },
    },
  })
  expect(published.code).toBe(200)
  const heard = await agent.message(
    conversationId,
    ({ event }) => event.contentType === 'hosted/file',
  )
  const download = await agent.request('.ams.ms.GenerateURLForDownloadFile', {
    relativePath: heard.event.message.relativePath,
  })
  const got = await server.request('GET', address(relativePath, download.body.queryParams))
  expect(got).toMatchObject({ status: 200, text: 'not really a picture' })
  expect(got.headers['content-type']).toBe('image/png')

  await server.clock.advance(61_000)
  const late = await server.request('GET', address(relativePath, download.body.queryParams))
  expect(late.status).toBe(401)
  const tooLarge = await consumer.request('ms.GenerateURLForUploadFile', {
    fileSize: 6_000_000,
    fileType: 'png',
  })
  expect(tooLarge.code).toBe(413)
  for (const fileType of ['application/x-sh', 'constructor', '__proto__']) {
    const other = await consumer.request('ms.GenerateURLForUploadFile', { fileSize: 10, fileType })
    expect(other.code).toBe(400)
  }
})

test('a file that a consumer has uploaded before it signed in is sent after it, and by nobody else', async () => {
  const on = await twoNodeAccount(server)
  const signIn = await givenIssuer({ ...on.account, request: server.request })
  await using anonymous = await on.newConsumer()
  await using stranger = await on.newConsumer()
  const conversationId = await anonymous.openConversation()
  const elsewhere = await stranger.openConversation()
  const bytes = Buffer.from('a receipt')
  const granted = await anonymous.request('ms.GenerateURLForUploadFile', {
    fileSize: bytes.length,
    fileType: 'png',
  })
  const { relativePath, queryParams } = granted.body
  const query = new URLSearchParams(queryParams as Record<string, string>).toString()
  const headers = { 'content-type': 'image/png' }
  const put = await server.request('PUT', `${relativePath}?${query}`, { body: bytes, headers })
  expect(put.status).toBe(201)
  await using known = await on.newConsumer({ jwt: await signIn('ada') })
  expect((await known.request('StepUp', { jwt: anonymous.jwt })).code).toBe(200)

  const message = { caption: 'Mine', relativePath, fileType: 'PNG' }
  const event = { type: 'ContentEvent', contentType: 'hosted/file', message }
  const stolen = await stranger.request('ms.PublishEvent', { dialogId: elsewhere, event })
  expect(stolen.code).toBe(404)
  const sent = await known.request('ms.PublishEvent', { dialogId: conversationId, event })
  expect(sent.code).toBe(200)
})

test('a file stays with the conversation in which it was sent first', async () => {
  const on = await twoNodeAccount(server)
  await using agent = await on.newAgent()
  await using first = await on.newConsumer()
  await using second = await on.newConsumer()
  await agent.goOnline()
  const conversations: string[] = []
  for (const consumer of [first, second]) {
    const conversationId = await consumer.openConversation({ skillId: '1001' })
    await agent.accept(conversationId)
    conversations.push(conversationId)
  }
  const granted = await agent.request('.ams.ms.GenerateURLForUploadFile', {
    fileSize: 3,
    fileType: 'txt',
  })
  const { relativePath, queryParams } = granted.body
  const query = new URLSearchParams(queryParams).toString()
  await server.request('PUT', `${relativePath}?${query}`, { body: Buffer.from('abc') })
  const send = (dialogId?: string) =>
    agent.request('.ams.ms.PublishEvent', {
      dialogId,
      event: { type: 'ContentEvent', contentType: 'hosted/file', message: { relativePath } },
    })
  expect((await send(conversations[0])).code).toBe(200)
  expect((await send(conversations[0])).code).toBe(200)
  expect((await send(conversations[1])).code).toBe(409)
  const download = await first.request('ms.GenerateURLForDownloadFile', { relativePath })
  expect(download.code).toBe(200)
})

test('a file whose message was refused, as the conversation was closed, is sent in the next one, once', async () => {
  const on = await twoNodeAccount(server)
  await using consumer = await on.newConsumer()
  const [upload, sent] = [await uploaded(consumer), await uploaded(consumer)]
  const send = (dialogId: string, relativePath: string) =>
    consumer.request('ms.PublishEvent', {
      dialogId,
      event: { type: 'ContentEvent', contentType: 'hosted/file', message: { relativePath } },
    })
  const close = (conversationId: string) =>
    consumer.request('cm.UpdateConversationField', {
      conversationId,
      conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
    })
  const first = await consumer.openConversation({ skillId: '1001' })
  expect((await send(first, sent)).code).toBe(200)
  await close(first)
  expect((await send(first, upload)).code).toBe(409)

  const second = await consumer.openConversation({ skillId: '1001' })
  const both = await Promise.all([send(second, upload), send(first, upload)])
  expect(both.map(({ code }) => code)).toEqual([200, 409])
  expect((await send(second, sent)).code).toBe(409)
  await using agent = await on.newAgent()
  await agent.goOnline()
  await agent.accept(second)
  await agent.message(second, ({ event }) => event.message.relativePath === upload)
  const download = { relativePath: upload }
  expect((await agent.request('.ams.ms.GenerateURLForDownloadFile', download)).code).toBe(200)
  await close(second)
  const third = await consumer.openConversation({ skillId: '1001' })
  expect((await send(third, upload)).code).toBe(409)
})

async function uploaded(
  consumer: Awaited<ReturnType<Awaited<ReturnType<typeof twoNodeAccount>>['newConsumer']>>,
): Promise<string> {
  const wanted = { fileSize: 3, fileType: 'txt' }
  const { body } = await consumer.request('ms.GenerateURLForUploadFile', wanted)
  const query = new URLSearchParams(body.queryParams).toString()
  await server.request('PUT', `${body.relativePath}?${query}`, { body: Buffer.from('abc') })
  return body.relativePath
}
