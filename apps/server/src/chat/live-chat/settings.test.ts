import { expect, test } from 'vitest'
import { startTestServer } from '#testing'

test('who changed the settings of chats and of transcripts is in the audit', async () => {
  await using server = await startTestServer({ nodes: 2 })
  const base = `/api/v1/accounts/${server.accountId}`
  const ask = (method: string, path: string, body?: object) =>
    server.request(method, `${base}${path}`, { bearer: server.adminBearer, ...(body && { body }) })
  const chat = (await ask('GET', '/chat-settings')).json<{ startsPerMinute: number }>()

  await ask('PUT', '/chat-settings', { ...chat, startsPerMinute: 3 })
  await ask('PUT', '/chat-settings', { ...chat, startsPerMinute: 4 })
  await ask('PUT', '/transcript-settings', { rules: [] })

  expect((await ask('GET', '/chat-settings')).json()).toMatchObject({ startsPerMinute: 4 })
  const actor = server.admin.user
  const audit = await ask('GET', `/audit?actor=${actor}`)
  const entries = audit
    .json<{ entries: { action: string }[] }>()
    .entries.filter(({ action }) => action.endsWith('-settings.changed'))
  expect(entries).toHaveLength(3)
  expect(entries).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ actor, action: 'transcript-settings.changed' }),
      expect.objectContaining({
        actor,
        action: 'chat-settings.changed',
        details: expect.objectContaining({ startsPerMinute: 3 }),
      }),
    ]),
  )
})
