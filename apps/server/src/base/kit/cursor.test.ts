import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

test.each(['mails', 'chats', 'conversations', 'survey-runs'])(
  'a page of %s behind a place that no database can store is refused',
  async (list) => {
    const path = `/api/v1/accounts/${server.accountId}/${list}?after=1.%2500`
    const reply = await server.request('GET', path, { bearer: server.adminBearer })

    expect([reply.status, reply.text]).toEqual([
      400,
      expect.stringContaining('query.after: must be the `next` of another page'),
    ])
  },
)
