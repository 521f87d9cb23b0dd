import { sql } from 'kysely'
import { expect, test } from 'vitest'
import {
  openAgentSocket,
  openConsumerSocket,
  silenceKilledNodes,
  startDoomedNode,
  startTestServer,
} from '#testing'

test('other nodes show what a killed node committed without a notification once the node counts as dead', async () => {
  await using server = await startTestServer({ clock: 'system' })
  await using doomed = await startDoomedNode(server)
  const { accountId, agents } = server
  const { db } = server.context.store
  await using consumer = await openConsumerSocket({ url: server.url, accountId })
  const agent = await openAgentSocket({ url: doomed.url()!, accountId }, agents[0]!)
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)
  // PostgreSQL finishes the commit of a node that is gone by then.
  await sql`create function linger() returns trigger language plpgsql as $$ begin
    if new.body->'event'->>'message' = 'my last words' then perform pg_sleep(1); end if;
    return new;
  end $$`.execute(db)
  await sql`create trigger linger before insert on message
    for each row execute function linger()`.execute(db)

  const unanswered = agent.say(conversationId, 'my last words')
  // The node that would have answered is killed.
  unanswered.catch(() => undefined)
  const lingering = async () => {
    const { rows } = await sql`select from pg_stat_activity
      where datname = current_database() and wait_event = 'PgSleep'`.execute(db)
    return rows.length
  }
  await expect.poll(lingering).toBe(1)
  await doomed.kill()
  await expect.poll(lingering).toBe(0)
  await silenceKilledNodes(server)

  await consumer.message(conversationId, ({ text }) => text === 'my last words')
})

test('what is said after a failover that has lost messages reaches those who had seen the lost ones', async () => {
  await using server = await startTestServer()
  const { accountId, agents, context, url } = server
  const { db } = context.store
  const consumer = await openConsumerSocket({ url, accountId })
  const agent = await openAgentSocket({ url, accountId }, agents[0]!)
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)
  await consumer.say(conversationId, 'kept')
  await sql`create table kept as select * from conversation`.execute(db)
  for (const text of ['lost 1', 'lost 2', 'lost 3']) await consumer.say(conversationId, text)
  const last = await agent.message(conversationId, ({ text }) => text === 'lost 3')

  // As a standby that had not got them yet.
  await sql`delete from message using kept where message.conversation_id = kept.conversation_id
    and sequence >= (kept.state->'dialogs'->0->>'nextSequence')::bigint`.execute(db)
  await sql`update conversation set version = kept.version, state = kept.state from kept
    where conversation.conversation_id = kept.conversation_id`.execute(db)
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`.execute(db)
  await Promise.all([agent.closed, consumer.closed])

  await using again = await openConsumerSocket({ url, accountId }, { jwt: consumer.jwt })
  await using agentAgain = await openAgentSocket({ url, accountId }, agents[0]!)
  // Both go on after the last message that they have.
  const place = { dialogId: conversationId, fromSeq: last.sequence + 1 }
  await again.request('ms.SubscribeMessagingEvents', place)
  await agentAgain.request('.ams.ms.SubscribeMessagingEvents', place)
  await again.say(conversationId, 'after')
  await again.message(conversationId, ({ text }) => text === 'after')
  const heard = await agentAgain.message(conversationId, ({ text }) => text === 'after')
  expect(heard.sequence).toBeLessThanOrEqual(last.sequence)
})
