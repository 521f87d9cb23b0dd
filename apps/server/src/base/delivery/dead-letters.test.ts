import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import { login, startTestServer, type TestServer } from '#testing'

interface Letter {
  id: number
  [member: string]: unknown
}

const DAY_MS = 86_400_000

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const path = (more = '', accountId = server.accountId) =>
  `/api/v1/accounts/${accountId}/dead-letters${more}`
const ask = (method: string, more = '', bearer = server.adminBearer) =>
  server.request(method, path(more), { bearer })
const letters = async (query = '') =>
  (await ask('GET', query)).json<{ deadLetters: Letter[] }>().deadLetters

test('what could not be delivered is listed, read and put back by an administrator', async () => {
  const { delivery } = server.context
  const done: number[] = []
  let isMended = false
  delivery.consume({
    name: 'errands',
    workers: 'functions',
    facts: z.object({ n: z.number() }),
    async handle(row) {
      if (!isMended) throw new Error('Nobody is there')
      done.push(row.facts.n)
      await delivery.end(row)
    },
  })
  const outbox = [1, 2].map((n) => ({ consumer: 'errands', orderingKey: `key-${n}`, facts: { n } }))
  await delivery.commit({ accountId: server.accountId, documents: [], outbox })
  await server.clock.advance(60_000)

  const found = (await letters('?name=errands')).toSorted((a, b) => a.id - b.id)
  expect(found).toMatchObject([
    { source: 'outbox', lane: 'key-1', attempts: 4, cause: 'Nobody is there' },
    { source: 'outbox', lane: 'key-2' },
  ])
  const [first, second] = found.map(({ id }) => id) as [number, number]
  expect(await letters(`?beforeId=${second}`)).toEqual([found[0]])
  expect((await ask('GET', `/${first}`)).json()).toEqual({ ...found[0], facts: { n: 1 } })

  isMended = true
  expect((await ask('POST', `/${first}/redrive`)).status).toBe(204)
  await server.clock.advance(0)
  expect(done).toEqual([1])
  expect((await letters()).map(({ id }) => id)).toEqual([second])
  for (const reply of [await ask('GET', `/${first}`), await ask('POST', `/${first}/redrive`)]) {
    expect(reply.status).toBe(404)
  }
})

test('an administrator gives one up, and nothing is done for it any more', async () => {
  const { delivery } = server.context
  const done: string[] = []
  let isMended = false
  delivery.consume({
    name: 'favours',
    workers: 'functions',
    facts: z.object({}),
    async handle(row) {
      if (!isMended) throw new Error('Nobody is there')
      done.push(row.orderingKey)
      await delivery.end(row)
    },
  })
  const outbox = ['a', 'b'].map((orderingKey) => ({ consumer: 'favours', orderingKey, facts: {} }))
  await delivery.commit({ accountId: server.accountId, documents: [], outbox })
  await server.clock.advance(60_000)
  const found = (await letters('?name=favours')).toSorted((a, b) => a.id - b.id)
  const [first, second] = found.map(({ id }) => id) as [number, number]

  isMended = true
  expect((await ask('DELETE', `/${first}`)).status).toBe(204)
  for (const reply of [await ask('DELETE', `/${first}`), await ask('POST', `/${first}/redrive`)]) {
    expect(reply.status).toBe(404)
  }
  await ask('POST', `/${second}/redrive`)
  await server.clock.advance(0)
  expect(done).toEqual(['b'])
})

test('what waits is counted by who does it, and what has failed is listed with its next attempt', async () => {
  const { delivery } = server.context
  const { accountId, adminBearer } = await server.anotherAccount()
  const waiting = async (bearer = adminBearer) =>
    (await server.request('GET', `/api/v1/accounts/${accountId}/deliveries`, { bearer })).json<{
      queues: object[]
      failing: { lane: string; nextAttemptAt: string }[]
      isCut: boolean
    }>()
  delivery.consume({
    name: 'chores',
    workers: 'functions',
    facts: z.object({}),
    handle: () => Promise.reject(new Error('Nobody is there')),
  })
  const outbox = ['a', 'a', 'b'].map((orderingKey) => ({
    consumer: 'chores',
    orderingKey,
    facts: {},
  }))
  await delivery.commit({ accountId, documents: [], outbox })
  await server.clock.advance(0)

  // The second of the key "a" waits for the first one, which has failed once.
  const { queues, failing, isCut } = await waiting()
  expect(queues).toEqual([
    expect.objectContaining({ source: 'outbox', name: 'chores', waiting: 3, failing: 2 }),
  ])
  expect(failing.toSorted((a, b) => a.lane.localeCompare(b.lane))).toMatchObject([
    { source: 'outbox', name: 'chores', lane: 'a', failures: 1 },
    { source: 'outbox', name: 'chores', lane: 'b', failures: 1 },
  ])
  for (const { nextAttemptAt } of failing) {
    expect(Date.parse(nextAttemptAt)).toBeGreaterThan(server.clock.now())
  }
  expect(isCut).toBe(false)

  await server.clock.advance(120_000)
  expect(await waiting()).toMatchObject({ queues: [], failing: [], isCut: false })
  expect(await waiting(server.adminBearer)).not.toHaveProperty('queues')
})

test('no other account sees them, and their ids are checked', async () => {
  const other = await server.anotherAccount()
  const [{ id } = { id: 0 }] = await letters()
  const elsewhere = { bearer: other.adminBearer }
  const list = await server.request('GET', path('', other.accountId), elsewhere)
  expect(list.json()).toEqual({ deadLetters: [] })
  for (const more of [`/${id}`, '/999999']) {
    const reply = await server.request('GET', path(more, other.accountId), elsewhere)
    expect(reply.status).toBe(404)
  }
  const redriven = await server.request('POST', path(`/${id}/redrive`, other.accountId), elsewhere)
  expect(redriven.status).toBe(404)
  expect((await ask('GET', '', server.appToken)).status).toBe(403)
  expect((await ask('GET', '/none')).status).toBe(400)
  expect((await ask('GET', '?limit=0')).status).toBe(400)
})

test('they go after 30 days, or after the days that the account keeps them', async () => {
  const { delivery } = server.context
  const [usual, short] = [await server.anotherAccount(), await server.anotherAccount()]
  const settings = `/api/v1/accounts/${short.accountId}/settings`
  const body = { retention: { deadLetterDays: 2 } }
  await server.request('PATCH', settings, { bearer: short.adminBearer, body })
  delivery.consume({
    name: 'hopeless',
    workers: 'functions',
    facts: z.object({}),
    handle: () => Promise.reject(new Error('Nobody is there')),
  })
  for (const { accountId } of [usual, short]) {
    const outbox = [{ consumer: 'hopeless', orderingKey: 'key', facts: {} }]
    await delivery.commit({ accountId, documents: [], outbox })
  }
  const left = () =>
    Promise.all(
      [usual, short].map(async ({ accountId, admin }) => {
        // The clock goes on for weeks: each time the session of before is over.
        const { bearer } = await login({ url: server.url, accountId }, admin)
        const reply = await server.request('GET', path('', accountId), { bearer })
        return reply.json<{ deadLetters: Letter[] }>().deadLetters.length
      }),
    )

  await server.clock.advance(60_000)
  expect(await left()).toEqual([1, 1])
  await server.clock.advance(3 * DAY_MS)
  expect(await left()).toEqual([1, 0])
  await server.clock.advance(26 * DAY_MS)
  expect(await left()).toEqual([1, 0])
  await server.clock.advance(2 * DAY_MS)
  expect(await left()).toEqual([0, 0])
})
