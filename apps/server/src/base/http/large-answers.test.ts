import { request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  givenLargeAccount,
  type Scene,
  startTestServer,
  type TestServer,
} from '#testing'

let server: TestServer
let scene: Scene
beforeAll(async () => {
  server = await startTestServer()
  scene = await anotherScene(server)
  await givenLargeAccount(scene, { users: 1_000, skills: 100, functions: 0 })
})
afterAll(() => server[Symbol.asyncDispose]())

async function read(path: string, acceptEncoding?: string) {
  const url = new URL(path, server.url)
  const headers = {
    authorization: `Bearer ${scene.adminBearer}`,
    ...(acceptEncoding !== undefined && { 'accept-encoding': acceptEncoding }),
  }
  const { promise, resolve, reject } = Promise.withResolvers<{
    headers: NodeJS.Dict<string | string[]>
    body: Buffer
  }>()
  const asked = request(url, { headers }, (response) => {
    buffer(response).then((body) => resolve({ headers: response.headers, body }), reject)
  })
  asked.on('error', reject)
  asked.end()
  return await promise
}

const users = () => `/api/v1/accounts/${scene.accountId}/users`

test('a long list of the native API comes packed to whom says that it reads that, a tenth as large', async () => {
  const plain = await read(users())
  const packed = await read(users(), 'gzip, deflate, br')

  expect(plain.headers).not.toHaveProperty('content-encoding')
  expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' })
  expect(packed.headers['content-length']).toBe(String(packed.body.length))
  expect(packed.body.length).toBeLessThan(plain.body.length / 5)
  expect(gunzipSync(packed.body).equals(plain.body)).toBe(true)
})

test.for([
  ['who does not read it', users, 'br, gzip;q=0'],
  ['a short answer', () => `/api/v1/accounts/${scene.accountId}/caller`, 'gzip'],
] as const)('%s gets it as it is', async ([, path, accepted]) => {
  const { headers, body } = await read(path(), accepted)
  expect(headers).not.toHaveProperty('content-encoding')
  expect(JSON.parse(body.toString())).toBeTypeOf('object')
})
