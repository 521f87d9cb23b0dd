import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const ACCOUNT_API = {
  error: expect.any(String),
  errorCode: expect.any(String),
  errorMsg: expect.any(String),
}
const V1 = { errorCode: expect.any(String), errorMsg: expect.any(String) }
const V2 = { code: expect.any(String), message: expect.any(String) }

test.each([
  ['/api/account/1/nothing', ACCOUNT_API],
  ['/api/account/1', ACCOUNT_API],
  ['/api/account', ACCOUNT_API],
  ['/api/account/1/login/nothing', ACCOUNT_API],
  ['/api/account/1/lambdas/a/b/c', V1],
  ['/api/account/1/events/a/b', V1],
  ['/api/account/1/functions/a/b/c', V2],
  ['/sentinel/nothing', { error: 'invalid_request', error_description: expect.any(String) }],
])('%s, where there is nothing, is answered like what is beside it', async (path, shape) => {
  for (const method of ['GET', 'POST']) {
    const reply = await server.request(method, path)
    expect(reply.status).toBe(404)
    expect(reply.json()).toMatchObject(shape)
  }
})
