import type { AuditEntry } from '@parley/contract'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { liveChatAccount, startDoomedNode, startTestServer, type TestServer } from '#testing'

/** Holds a row until it is released. */
async function hold({ context: { store } }: TestServer, table: string, id: string) {
  const locked = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const column = table === 'document' ? 'id' : 'audit_id::text'
  const holding = store.db.transaction().execute(async (tx) => {
    await sql`select 1 from ${sql.table(table)} where ${sql.raw(column)} = ${id} for update`.execute(
      tx,
    )
    locked.resolve()
    await released.promise
  })
  await Promise.race([locked.promise, holding])
  return {
    async [Symbol.asyncDispose]() {
      released.resolve()
      await holding
    },
  }
}

test('a change is in the audit when its node dies right after it', async () => {
  await using server = await startTestServer({ clock: 'system' })
  await using doomed = await startDoomedNode(server)
  const account = await liveChatAccount(server)
  const { chatId } = await account.start()
  const base = `/api/v1/accounts/${account.accountId}`
  const login = { loginName: 'john', password: 'correct horse' }
  const session = await server.request('POST', `${base}/sessions`, { body: login })
  const { bearer } = session.json<{ bearer: string }>()
  const ofChat = async () => {
    const path = `/audit?object=${encodeURIComponent(`chats/${chatId}/accept`)}`
    return (await account.admin('GET', path)).json<{ entries: AuditEntry[] }>().entries
  }
  const stage = async () =>
    (await account.admin('GET', `/chats/${chatId}`)).json<{ chat: { stage: string } }>().chat.stage

  await using chat = await hold(server, 'document', chatId)
  const answer = fetch(`${doomed.url()}${base}/chats/${chatId}/accept`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}` },
  }).catch(() => undefined)
  // Before the change: the entry is there.
  await expect.poll(ofChat).toMatchObject([{ outcome: 'unknown' }])
  expect(await stage()).toBe('waiting')
  const [begun] = await ofChat()
  await using entry = await hold(server, 'audit_entry', begun?.auditId ?? '')
  await chat[Symbol.asyncDispose]()
  await expect.poll(stage).toBe('active')
  const isWaiting = sql<boolean>`datname = current_database() and wait_event_type = 'Lock' and query like 'update "audit_entry"%'`
  const { db } = server.context.store
  const waiting = async () =>
    (await sql`select from pg_stat_activity where ${isWaiting}`.execute(db)).rows.length
  await expect.poll(waiting).toBe(1)
  await doomed.kill()
  // The database would still do what was asked of it.
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where ${isWaiting}`.execute(db)
  await entry[Symbol.asyncDispose]()
  await answer

  expect(await ofChat()).toMatchObject([
    { action: 'POST chats/:chatId/accept', actor: 'john', outcome: 'unknown' },
  ])
})
