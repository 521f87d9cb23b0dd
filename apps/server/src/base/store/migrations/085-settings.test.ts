import { expect, test } from 'vitest'
import { startTestServer } from '#testing'
import { jsonb } from '#base/store'
import { up } from './085-settings.ts'

test('settings that were documents of their own are found among the others', async () => {
  await using server = await startTestServer()
  const { db } = server.context.store
  const api = (method: string, path: string, body?: object) =>
    server.request(method, `/api/v1/accounts/${server.accountId}/${path}`, {
      bearer: server.adminBearer,
      ...(body && { body }),
    })
  await api('PATCH', 'settings', { limits: { logEntries: 3 } })
  const documents = [
    ['chat-settings', { enabled: false, startsPerMinute: 7 }],
    ['transcript-settings', { holdMails: true, bounceAddress: 'bounces@example.org' }],
  ] as const
  for (const [kind, state] of documents) {
    const row = { accountId: server.accountId, kind, id: 'account', version: 1 }
    await db
      .insertInto('document')
      .values({ ...row, state: jsonb(state) })
      .execute()
  }

  await up(db as unknown as Parameters<typeof up>[0])
  await api('PATCH', 'settings', { language: 'de' })

  expect((await api('GET', 'chat-settings')).json()).toMatchObject(documents[0][1])
  expect((await api('GET', 'transcript-settings')).json()).toMatchObject(documents[1][1])
  expect((await api('GET', 'settings')).json()).toMatchObject({
    language: 'de',
    limits: { logEntries: 3 },
  })
  // Nodes of version 0.1.0 read them during the upgrade.
  const left = await db
    .selectFrom('document')
    .select('state')
    .where('id', '=', 'account')
    .orderBy('kind')
    .execute()
  expect(left.map(({ state }) => state)).toEqual(documents.map(([, state]) => state))
})
