import { expect, test } from 'vitest'
import { jsonb } from '#base/store'
import { startTestServer } from '#testing'
import { up } from './091-mail-senders.ts'

test('accounts go on with the senders that their mails have had', async () => {
  await using server = await startTestServer()
  const { db } = server.context.store
  const other = await server.anotherAccount()
  const settings = ({ accountId, adminBearer: bearer }: typeof other, body?: object) =>
    server.request(body ? 'PUT' : 'GET', `/api/v1/accounts/${accountId}/transcript-settings`, {
      bearer,
      ...(body && { body }),
    })
  await settings(server, { bounceAddress: 'bounces@example.org' })
  const senders = ['b@example.com', 'A@example.com', 'a@example.com']
  for (const [index, senderEmail] of senders.entries()) {
    const row = { accountId: server.accountId, kind: 'mail', id: `m${index}`, version: 1 }
    await db
      .insertInto('document')
      .values({ ...row, state: jsonb({ senderEmail }) })
      .execute()
  }

  await up(db as unknown as Parameters<typeof up>[0])
  await server.request('PATCH', `/api/v1/accounts/${server.accountId}/settings`, {
    bearer: server.adminBearer,
    body: { language: 'de' },
  })

  expect((await settings(server)).json()).toMatchObject({
    bounceAddress: 'bounces@example.org',
    senders: ['a@example.com', 'b@example.com'],
  })
  expect((await settings(other)).json()).toMatchObject({ senders: [] })
})
