import { type RecurringWork, listDeliveries, listServerWork } from '@parley/contract'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { anotherScene, call, openConsumerSocket, startTestServer } from '#testing'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const OPERATOR_KEY = 'the-key-of-the-operator-in-tests-3'

test('work that recurs goes on whatever becomes of it, and shows its next time and what happened last', async () => {
  await using server = await startTestServer({
    wallClock: 'system',
    env: { PARLEY_OPERATOR_KEY: OPERATOR_KEY },
  })
  const scene = await anotherScene(server)
  const { db } = server.context.store
  const ofAccount = async () => {
    const { recurring } = listDeliveries.reply.parse(await call(scene, 'GET', 'deliveries'))
    return byName(recurring)
  }
  const ofServer = async () => {
    const path = '/api/v1/operator/recurring-work'
    const answer = await server.request('GET', path, { bearer: OPERATOR_KEY })
    return byName(listServerWork.reply.parse(answer.json()).recurring)
  }
  const dueIn = (work: RecurringWork | undefined) =>
    Date.parse(work?.nextAt ?? '') - server.clock.now()
  await call(scene, 'PATCH', 'settings', { retention: { conversationDays: 1 } })
  await using consumer = await openConsumerSocket({ url: server.url, accountId: scene.accountId })
  const conversationId = await consumer.openConversation()
  await consumer.request('cm.UpdateConversationField', {
    conversationId,
    conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
  })
  const before = await ofAccount()
  expect(before['retention']).toMatchObject({ of: 'account', failures: 0 })
  expect(before['retention']?.last).toBeUndefined()

  // The first night: everything is done.
  await server.clock.advance(DAY_MS)
  for (const name of ['retention', 'ends', 'record-retention']) {
    const work = (await ofAccount())[name]
    expect(work).toMatchObject({ name, failures: 0, last: { outcome: 'done' } })
    expect(dueIn(work)).toBeGreaterThan(0)
    expect(dueIn(work)).toBeLessThanOrEqual(DAY_MS)
  }
  expect(Object.keys(await ofServer())).toEqual(['ends', 'record-retention'])

  // The second night the database refuses to end the conversation, and to take the table of a coming day.
  await sql`create function refuse() returns trigger language plpgsql as
    ${sql.lit(`begin raise exception 'refused for the test'; end`)}`.execute(db)
  await sql`create trigger refuse before delete on conversation for each row execute function refuse()`.execute(
    db,
  )
  const ahead = new Date(server.clock.now() + 7 * DAY_MS).toISOString().slice(0, 10)
  const table = sql.id(`log_entry_p${ahead.replaceAll('-', '')}`)
  await sql`create table ${table} (wrong int)`.execute(db)
  await server.clock.advance(DAY_MS)
  const failed = await ofAccount()
  for (const name of ['retention', 'record-retention']) {
    expect(failed[name]).toMatchObject({ last: { outcome: 'failed' } })
    expect(dueIn(failed[name])).toBeGreaterThan(0)
  }
  expect(dueIn(failed['record-retention'])).toBeLessThanOrEqual(HOUR_MS)
  expect(await ofServer()).toMatchObject({ 'record-retention': { last: { outcome: 'failed' } } })
  const { deadLetters } = await call<{ deadLetters: object[] }>(scene, 'GET', 'dead-letters')
  expect(deadLetters).toMatchObject([{ source: 'timer', name: 'retention' }])

  // The third night nothing is in the way.
  await sql`drop function refuse() cascade`.execute(db)
  await sql`drop table ${table}`.execute(db)
  await server.clock.advance(DAY_MS)
  const after = await ofAccount()
  for (const name of ['retention', 'ends', 'record-retention']) {
    expect(after[name]).toMatchObject({ last: { outcome: 'done' } })
  }
  const left = await db
    .selectFrom('conversation')
    .select('conversationId')
    .where('conversationId', '=', conversationId)
    .execute()
  expect(left).toEqual([])
})

test('a retention is set together with the timer that keeps it, or not at all', async () => {
  await using server = await startTestServer()
  const { accountId, adminBearer: bearer } = server
  const { db } = server.context.store
  const path = `/api/v1/accounts/${accountId}/settings`
  const body = { retention: { conversationDays: 30 } }
  const set = async () => (await server.request('PATCH', path, { bearer, body })).status
  const days = async () => {
    const { retention } = (await server.request('GET', path, { bearer })).json<typeof body>()
    return retention.conversationDays
  }
  await sql`create function refuse() returns trigger language plpgsql as
    ${sql.lit(`begin raise exception 'refused for the test'; end`)}`.execute(db)
  await sql`create trigger refuse before insert on timer for each row
    when (new.kind = 'retention') execute function refuse()`.execute(db)
  expect([await set(), await days()]).toEqual([500, null])

  await sql`drop function refuse() cascade`.execute(db)
  expect([await set(), await days()]).toEqual([200, 30])
  const timers = db.selectFrom('timer').select('kind').where('accountId', '=', accountId)
  expect(await timers.where('kind', '=', 'retention').execute()).toHaveLength(1)
})

function byName(work: RecurringWork[]): Record<string, RecurringWork> {
  return Object.fromEntries(work.map((one) => [one.name, one]))
}
