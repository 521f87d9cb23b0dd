import { afterAll, beforeAll, expect, test } from 'vitest'
import { openConsumerSocket, startTestServer, type TestServer } from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

type Consumer = Awaited<ReturnType<typeof openConsumerSocket>>

/** Uploads a file that is never sent in a conversation; its path. */
async function upload(consumer: Consumer): Promise<string> {
  const granted = await consumer.request('ms.GenerateURLForUploadFile', {
    fileSize: 3,
    fileType: 'txt',
  })
  const { relativePath, queryParams } = granted.body
  const query = new URLSearchParams(queryParams).toString()
  const put = await server.request('PUT', `${relativePath}?${query}`, { body: Buffer.from('abc') })
  expect(put.status).toBe(201)
  return relativePath
}

async function keptPaths(): Promise<string[]> {
  const { db } = server.context.store
  const rows = await db.selectFrom('file').select('relativePath').execute()
  return rows.map(({ relativePath }) => relativePath)
}

test('a file that was uploaded and never sent is deleted after an hour', async () => {
  await using consumer = await openConsumerSocket(server)
  const old = await upload(consumer)
  await server.clock.advance(50 * 60_000)
  const young = await upload(consumer)
  expect(await keptPaths()).toEqual(expect.arrayContaining([old, young]))

  await server.clock.advance(11 * 60_000)
  const newest = await upload(consumer)

  expect((await keptPaths()).toSorted()).toEqual([young, newest].toSorted())
})

test('erasing a consumer deletes the files that it never sent', async () => {
  await using consumer = await openConsumerSocket(server)
  await consumer.openConversation()
  const path = await upload(consumer)

  await server.request('POST', `/api/v1/accounts/${server.accountId}/erasures`, {
    bearer: server.adminBearer,
    body: { consumerId: consumer.consumerId },
  })
  await server.clock.advance(0)

  expect(await keptPaths()).not.toContain(path)
})

test('a file that was never sent is deleted at night, where nobody uploads another', async () => {
  await using consumer = await openConsumerSocket(server)
  await upload(consumer)
  await server.clock.advance(26 * 60 * 60_000)
  expect(await keptPaths()).toEqual([])
})
