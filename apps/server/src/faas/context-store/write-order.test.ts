import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { countWaiting, startTestServer, type TestServer } from '#testing'

/** The account's context store, where every attempt to write is counted, also those that fail. */
async function openCounted({ context, accountId, adminBearer: bearer, request }: TestServer) {
  const { db } = context.store
  await sql`create sequence attempts minvalue 0`.execute(db)
  await sql`create function count_attempt() returns trigger language plpgsql as $$
    begin perform nextval('attempts'); return null; end $$`.execute(db)
  await sql`create trigger counted before insert on context_property
    for each statement execute function count_attempt()`.execute(db)
  const key = await request('GET', `/api/v1/accounts/${accountId}/context-store/key`, { bearer })
  const headers = { 'maven-api-key': key.json<{ apiKey: string }>().apiKey }

  return {
    async ask(method: string, path: string, body?: object) {
      const given = body === undefined ? { headers } : { headers, body }
      return (await request(method, `/v1/account/${accountId}${path}`, given)).status
    },
    /** How many attempts there were since the last question. */
    async attempts() {
      const { rows } = await sql<{ made: number }>`select nextval('attempts')::int as made,
        setval('attempts', 0, false)`.execute(db)
      return rows[0]?.made
    },
    /** Holds a property until it is released. */
    async hold(name: string) {
      const holding = await db.startTransaction().execute()
      const property = holding.selectFrom('contextProperty').select('name').where('name', '=', name)
      expect(await property.forUpdate().execute()).toHaveLength(1)
      return { release: () => holding.commit().execute() }
    },
  }
}

const PATH = '/custom/s1/properties'

test('two that write the same properties in opposite orders wait for each other once', async () => {
  await using server = await startTestServer()
  const { ask, attempts, hold } = await openCounted(server)
  await ask('PATCH', PATH, { a: 0, m: 0, z: 0 })
  await attempts()
  const middle = await hold('m')

  const one = ask('PATCH', PATH, { a: 1, m: 1, z: 1 })
  await expect.poll(() => countWaiting(server)).toBe(1)
  const other = ask('PATCH', PATH, { z: 2, m: 2, a: 2 })
  await expect.poll(() => countWaiting(server)).toBe(2)
  await middle.release()

  expect([await one, await other, await attempts()]).toEqual([204, 204, 2])
})

test('a session is deleted while its properties are written, and neither is begun again', async () => {
  await using server = await startTestServer()
  const { ask, attempts, hold } = await openCounted(server)
  for (const name of ['z', 'm', 'a']) await ask('PATCH', PATH, { [name]: 0 })
  await attempts()
  const middle = await hold('m')

  const deleted = ask('DELETE', PATH)
  await expect.poll(() => countWaiting(server)).toBe(1)
  const written = ask('PATCH', PATH, { a: 1, m: 1, z: 1 })
  await expect.poll(() => countWaiting(server)).toBe(2)
  await middle.release()

  expect([await deleted, await written, await attempts()]).toEqual([204, 204, 1])
})

test('who writes what has expired waits for nobody who waits for it', async () => {
  await using server = await startTestServer()
  const { ask, attempts, hold } = await openCounted(server)
  await ask('POST', '?ttlSecond=60', { name: 'cart' })
  await ask('PATCH', '/cart/s1/properties', { c: 0 })
  await server.clock.advance(30_000)
  await ask('PATCH', '/cart/s1/properties', { a: 0, b: 0 })
  await server.clock.advance(30_000)
  await attempts()
  const first = await hold('a')

  const one = ask('PATCH', '/cart/s1/properties', { a: 1, b: 1 })
  await expect.poll(() => countWaiting(server)).toBe(1)
  let isWritten = false
  const other = ask('PATCH', '/cart/s1/properties', { b: 2, c: 2 }).finally(() => {
    isWritten = true
  })
  await expect.poll(async () => isWritten || (await countWaiting(server)) === 2).toBe(true)
  await first.release()

  expect([await one, await other, await attempts()]).toEqual([204, 204, 2])
})

test('what is written while its namespace is deleted is gone with it', async () => {
  await using server = await startTestServer()
  const { ask, hold } = await openCounted(server)
  await ask('POST', '', { name: 'cart' })
  await ask('PATCH', '/cart/s1/properties', { a: 0 })
  const first = await hold('a')

  const written = ask('PATCH', '/cart/s1/properties', { a: 1, b: 1 })
  await expect.poll(() => countWaiting(server)).toBe(1)
  const deleted = ask('DELETE', '/cart')
  await expect.poll(() => countWaiting(server)).toBe(2)
  await first.release()
  expect([await written, await deleted]).toEqual([204, 204])

  await ask('POST', '', { name: 'cart' })
  expect(await ask('GET', '/cart/s1/properties/b')).toBe(404)
})
