import { openConsumer, signUp } from '@parley/client'
import { expect, test, vi } from 'vitest'
import { lambdasOf, startTestServer } from '#testing'

const DAY_MS = 24 * 3_600_000

test('a virtual clock that is advanced ends no session, no token and no signing key', async () => {
  await using server = await startTestServer({ wallClock: 'system' })
  const { accountId, adminBearer, appToken } = server
  const api = (path: string, bearer: string) =>
    server.request('GET', `/api/v1/accounts/${accountId}/${path}`, { bearer })
  const { credentials, settings } = server.context
  const day = { consumerTokenMs: DAY_MS, signingKeyMs: DAY_MS }
  await settings.change(accountId, 'test', { identity: day })
  const consumer = await credentials.consumerTokens.signUp(accountId)
  const keys = await api('signing-keys', adminBearer)

  await server.clock.advance(2 * DAY_MS)

  expect((await api('caller', adminBearer)).status).toBe(200)
  expect((await api('caller', appToken)).status).toBe(200)
  expect(await credentials.consumerTokens.verify(accountId, consumer)).toMatchObject({
    authenticated: false,
  })
  await credentials.consumerTokens.signUp(accountId)
  expect((await api('signing-keys', adminBearer)).json()).toEqual(keys.json())
  const shift = await api('shift-status', adminBearer)
  expect(Date.parse(shift.json<{ at: string }>().at)).toBe(server.clock.now())
})

test('an anonymous consumer keeps its conversations although the clock that its token was made by was far ahead', async () => {
  await using server = await startTestServer({ wallClock: 'system' })
  const { now } = Date
  const ahead = vi.spyOn(Date, 'now').mockImplementation(() => now() + 10 * 60_000)
  const jwt = await signUp(server).finally(() => ahead.mockRestore())

  using consumer = await openConsumer(server, { jwt })

  expect(await consumer.openConversation()).toEqual(expect.any(String))
})

test('a function may call others however far the clock that it sees was advanced', async () => {
  await using server = await startTestServer({ wallClock: 'system' })
  const lambdas = lambdasOf(server)
  const twice = await lambdas.deployed(`const lambda = async ({ payload }) => payload * 2`)
  const caller = await lambdas.deployed(`const { Toolbelt } = require('lp-faas-toolbelt')
const lambda = async ({ payload }) => {
  const [{ body, error }] = await Toolbelt.OrchestratorClient().invoke([{ uuid: payload, payload: 21 }], 20000)
  return error ?? body
}`)

  await server.clock.advance(2 * DAY_MS)

  expect((await lambdas.invoke(caller, twice)).json()).toBe(42)
})
