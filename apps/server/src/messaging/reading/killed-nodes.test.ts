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
