import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openConsumerSocket, servedConversation, startTestServer, type TestServer } from '#testing'

/** The consumer is on one node, the agent on the other. */
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ nodes: 2 })
})
afterAll(() => server[Symbol.asyncDispose]())

type Client = Pick<Awaited<ReturnType<typeof openConsumerSocket>>, 'request'>

const grant = (client: Client, fileSize: number, type = 'ms') =>
  client.request(`${type}.GenerateURLForUploadFile`, { fileSize, fileType: 'txt' })

const urlOf = ({ body }: Awaited<ReturnType<typeof grant>>) =>
  `${body.relativePath}?${new URLSearchParams(body.queryParams).toString()}`

const put = (path: string, bytes: number) =>
  server.request('PUT', path, { body: Buffer.alloc(bytes, 'x') })

function patchSettings(
  { accountId, adminBearer }: { accountId: string; adminBearer: string },
  messaging: object,
) {
  const path = `/api/v1/accounts/${accountId}/settings`
  return server.request('PATCH', path, { bearer: adminBearer, body: { messaging } })
}

test('consumers fill a part of the space of an account, each its own part of it, and agents the rest', async () => {
  await using on = await servedConversation(server)
  const limits = { storedFileBytes: 1000, consumerFileBytes: 500 }
  await patchSettings(on.account, limits)
  const { consumer, agent } = on
  await using other = await openConsumerSocket({ url: server.url, accountId: on.account.accountId })

  // All are granted before one of them is there.
  const grants = await Promise.all(Array.from({ length: 8 }, () => grant(consumer, 100)))
  const statuses = await Promise.all(grants.map((one) => put(urlOf(one), 100)))
  expect(statuses.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
    ...Array.from({ length: 5 }, () => 201),
    ...Array.from({ length: 3 }, () => 409),
  ])
  const full = await grant(consumer, 1)
  expect([full.code, full.body]).toEqual([409, 'You have no room for more files'])

  expect((await put(urlOf(await grant(other, 300)), 300)).status).toBe(201)
  const shared = await grant(other, 1)
  expect([shared.code, shared.body]).toEqual([
    409,
    "The account's consumers have no room for more files",
  ])
  expect((await put(urlOf(await grant(agent, 200, '.ams.ms')), 200)).status).toBe(201)
})

test('a conversation has room for so many bytes of files', async () => {
  await using on = await servedConversation(server)
  await patchSettings(on.account, { conversationFileBytes: 250 })
  const { consumer, conversationId } = on
  const send = async () => {
    const granted = await grant(consumer, 100)
    expect((await put(urlOf(granted), 100)).status).toBe(201)
    const { relativePath } = granted.body
    const event = {
      type: 'ContentEvent',
      contentType: 'hosted/file',
      message: { relativePath, fileType: 'txt' },
    }
    const publish = () => consumer.request('ms.PublishEvent', { dialogId: conversationId, event })
    return { answer: await publish(), publish }
  }

  const first = await send()
  expect(first.answer.code).toBe(200)
  expect((await send()).answer.code).toBe(200)
  const { answer } = await send()
  expect([answer.code, answer.body]).toEqual([409, 'The conversation has no room for more files'])
  // What is in the conversation may be sent again.
  expect((await first.publish()).code).toBe(200)
})

test('a consumer announces a hundred uploads at once', async () => {
  await using consumer = await openConsumerSocket(server)
  await patchSettings(server, { requestsPerSecond: 1000 })
  for (let one = 0; one < 100; one += 1) expect((await grant(consumer, 10)).code).toBe(200)

  const refused = await grant(consumer, 10)

  expect([refused.code, refused.body]).toEqual([
    429,
    'Too many files are announced and not uploaded',
  ])
})

test('an address has 100 MB of files on their way, and others send theirs', async () => {
  await using consumer = await openConsumerSocket(server)
  await patchSettings(server, { fileBytes: 30_000_000, consumerFileBytes: 300_000_000 })
  const grants = await Promise.all(Array.from({ length: 4 }, () => grant(consumer, 30_000_000)))
  const begin = (granted: (typeof grants)[number], localAddress: string) => {
    const answered = Promise.withResolvers<number>()
    const upload = request(server.url + urlOf(granted), {
      method: 'PUT',
      localAddress,
      headers: { 'content-length': 30_000_000 },
    })
    upload.on('error', answered.reject)
    upload.on('response', (response) => {
      response.resume()
      answered.resolve(response.statusCode ?? 0)
    })
    upload.write('x')
    return { upload, granted, answered: answered.promise }
  }

  // None sends more than a byte, so only a refusal is an answer: of whichever the server looks up last.
  const slow = grants.map((granted) => begin(granted, '127.0.0.2'))
  const refused = await Promise.race(
    slow.map(async ({ granted, answered }) => ({ granted, status: await answered })),
  )
  expect(refused.status).toBe(429)
  const other = begin(refused.granted, '127.0.0.3')
  other.upload.end(Buffer.alloc(29_999_999, 'x'))
  expect(await other.answered).toBe(201)
  for (const { upload } of slow) upload.destroy()
})
