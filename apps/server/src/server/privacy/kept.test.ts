import { expect, test } from 'vitest'
import { startTestServer } from '#testing'

test('readers of an account are told what is stored and how long, by its own days', async () => {
  await using server = await startTestServer()
  const { accountId, adminBearer: bearer } = server
  const base = `/api/v1/accounts/${accountId}`
  await server.request('PATCH', `${base}/settings`, {
    bearer,
    body: { retention: { logDays: 3 } },
  })

  const reply = await server.request('GET', `${base}/kept-data`, { bearer })

  expect(reply.status).toBe(200)
  const { kept } = reply.json<{ kept: { name: string }[] }>()
  const of = (name: string) => kept.find((one) => one.name === name)
  expect(of('log_entry')).toMatchObject({ setting: 'logDays', days: 3 })
  expect(of('conversation')).toMatchObject({ setting: 'conversationDays', days: null })
  expect(of('secret')).toEqual({ name: 'secret', said: 'as long as an administrator keeps it' })
})
