import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

/** An account that may keep so much. */
async function storeOf(contextStoreBytes: number) {
  const { accountId, adminBearer: bearer } = await server.anotherAccount()
  const native = `/api/v1/accounts/${accountId}`
  const limitTo = (bytes: number) =>
    server.request('PATCH', `${native}/settings`, {
      bearer,
      body: { limits: { contextStoreBytes: bytes } },
    })
  await limitTo(contextStoreBytes)
  const key = await server.request('GET', `${native}/context-store/key`, { bearer })
  const headers = { 'maven-api-key': key.json<{ apiKey: string }>().apiKey }
  const ask = (method: string, path: string, body?: unknown) =>
    server.request(method, `/v1/account/${accountId}${path}`, {
      headers,
      ...(body !== undefined && { body }),
    })
  return {
    ask,
    limitTo,
    write: async (session: string, properties: object) =>
      (await ask('PATCH', `/custom/${session}/properties`, properties)).status,
  }
}

/** Not to be compressed. */
const text = (bytes: number) => randomBytes(bytes / 2).toString('hex')

test('an account keeps as much as its limit says, replaces values, and goes on after deleting some', async () => {
  const { ask, write } = await storeOf(2_000_000)
  const other = await storeOf(2_000_000)

  expect(await write('a', { large: text(900_000) })).toBe(204)
  expect(await write('b', { large: text(900_000) })).toBe(204)
  const full = await ask('PATCH', '/custom/c/properties', { large: text(900_000) })
  expect([full.status, full.text]).toEqual([507, expect.stringContaining('contextStoreBytes')])
  expect((await ask('GET', '/custom/c/properties')).json()).toEqual({})
  expect((await ask('GET', '/custom/b/properties')).status).toBe(200)

  server.leap(6_000)
  expect(await write('a', { large: text(900_000) })).toBe(204)
  expect((await ask('DELETE', '/custom/b/properties/')).status).toBe(204)
  expect(await write('c', { large: text(900_000) })).toBe(204)
  expect(await other.write('a', { large: text(900_000) })).toBe(204)
})

test('what is too much keeps out nothing that has room, and is kept once the limit is raised', async () => {
  const { ask, write, limitTo } = await storeOf(1_000_000)
  expect(await write('a', { large: text(600_000) })).toBe(204)
  const large = { large: text(600_000) }
  expect(await write('b', large)).toBe(507)
  expect(await write('c', { small: 1 })).toBe(204)
  expect(await write('b', large)).toBe(507)

  await limitTo(2_000_000)
  expect(await write('b', large)).toBe(204)
  expect((await ask('GET', '/custom/c/properties')).json()).toEqual({ small: 1 })
})

test('many small properties fill it, too', async () => {
  const { write } = await storeOf(2_000_000)
  const small = Object.fromEntries(Array.from({ length: 8_000 }, (_, n) => [`p${n}`, n]))

  expect(await write('a', small)).toBe(204)
  expect(await write('b', small)).toBe(507)
})

test('writes at once do not get past the limit by far', async () => {
  const { ask, write } = await storeOf(3_000_000)
  const one = () => write(randomBytes(6).toString('hex'), { large: text(400_000) })
  const answers = await Promise.all(Array.from({ length: 30 }, one))
  expect(answers).toContain(507)
  // Those that were being written when the first ones were measured.
  const kept = (await ask('GET', '/custom/session-ids')).json<string[]>().length
  expect(kept).toBeLessThan(25)
  expect(await write('late', { large: text(400_000) })).toBe(507)
})

test('an account has at most 1,000 namespaces', async () => {
  const { ask } = await storeOf(1_000_000)
  const created = await Promise.all(
    Array.from({ length: 1_000 }, (_, n) => ask('POST', '', { name: `n${n}` })),
  )
  expect(new Set(created.map(({ status }) => status))).toEqual(new Set([204]))
  expect((await ask('POST', '', { name: 'more' })).status).toBe(507)
  expect((await ask('POST', '', { name: 'n1' })).status).toBe(204)
})
