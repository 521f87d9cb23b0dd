import { sql } from 'kysely'
import { expect, test } from 'vitest'
import {
  type ConsumerSocket,
  givenIssuer,
  openConsumerSocket,
  startTestServer,
  type TestServer,
} from '#testing'

const DAY_MS = 24 * 3_600_000

async function givenRetention(server: TestServer): Promise<void> {
  const path = `/api/v1/accounts/${server.accountId}/settings`
  const body = { retention: { conversationDays: 2 } }
  expect((await server.request('PATCH', path, { bearer: server.adminBearer, body })).status).toBe(
    200,
  )
}

const close = (consumer: ConsumerSocket, conversationId: string) =>
  consumer.request('cm.UpdateConversationField', {
    conversationId,
    conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
  })

/** Ids of consumers whose records are kept. */
async function keptConsumers(server: TestServer): Promise<string[]> {
  const rows = await server.context.store.db
    .selectFrom('document')
    .select('id')
    .where('kind', '=', 'consumer')
    .execute()
  return rows.map(({ id }) => id).toSorted()
}

test('the record of the id that a consumer had before it signed in ends with its last conversation', async () => {
  await using server = await startTestServer()
  await givenRetention(server)
  const signIn = await givenIssuer(server)
  await using anonymous = await openConsumerSocket(server)
  const conversationId = await anonymous.openConversation()
  await using known = await openConsumerSocket(server, { jwt: await signIn('grace') })
  expect((await known.request('StepUp', { jwt: anonymous.jwt })).code).toBe(200)
  expect((await close(known, conversationId)).code).toBe(200)
  const both = [anonymous.consumerId, known.consumerId].toSorted()
  expect(await keptConsumers(server)).toEqual(both)

  await server.clock.advance(DAY_MS)
  expect(await keptConsumers(server)).toEqual(both)
  await server.clock.advance(2 * DAY_MS)
  expect(await keptConsumers(server)).toEqual([])
})

test('the record of a consumer ends also where a night was cut off after its conversation', async () => {
  await using server = await startTestServer()
  await givenRetention(server)
  await using consumer = await openConsumerSocket(server)
  await close(consumer, await consumer.openConversation())
  const { db } = server.context.store
  await sql`create function refuse() returns trigger language plpgsql as
    ${sql.lit(`begin if old.kind = 'consumer' then raise exception 'refused for the test'; end if; return old; end`)}`.execute(
    db,
  )
  await sql`create trigger refuse before delete on document for each row execute function refuse()`.execute(
    db,
  )

  await server.clock.advance(3 * DAY_MS)
  expect(await keptConsumers(server)).toEqual([consumer.consumerId])
  await sql`drop function refuse() cascade`.execute(db)
  await server.clock.advance(2 * DAY_MS)
  expect(await keptConsumers(server)).toEqual([])
})
