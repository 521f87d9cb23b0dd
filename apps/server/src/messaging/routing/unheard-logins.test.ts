import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openAgentSocket, silenceKilledNodes, startDoomedNode, startTestServer } from '#testing'

test('an agent whose node was killed before it could tell of the login counts as gone, too', async () => {
  await using server = await startTestServer({ clock: 'system' })
  await using doomed = await startDoomedNode(server)
  const { accountId, agents, context } = server
  const { db } = context.store
  const stored = async () => {
    const { state } = await db
      .selectFrom('document')
      .select('state')
      .where('accountId', '=', accountId)
      .where('kind', '=', 'agent')
      .executeTakeFirstOrThrow()
    return (state as { nodes: string[] }).nodes
  }
  {
    // This node remembers the agent without a socket.
    await using earlier = await openAgentSocket({ url: server.url, accountId }, agents[0]!)
    await earlier.goOnline()
  }
  await expect.poll(stored).toEqual([])
  // PostgreSQL finishes the commit of a node that is gone by then.
  await sql`create function linger() returns trigger language plpgsql as $$ begin
    if new.kind = 'agent' and new.state->'nodes' <> '[]' then perform pg_sleep(1); end if;
    return new;
  end $$`.execute(db)
  await sql`create trigger linger before insert or update on document
    for each row execute function linger()`.execute(db)
  const lingering = async () => {
    const { rows } = await sql`select from pg_stat_activity
      where datname = current_database() and wait_event = 'PgSleep'`.execute(db)
    return rows.length
  }
  await openAgentSocket({ url: doomed.url()!, accountId }, agents[0]!)
  await expect.poll(lingering).toBe(1)
  await doomed.kill()
  await expect.poll(lingering).toBe(0)
  await expect.poll(stored).toHaveLength(1)

  await silenceKilledNodes(server)

  await expect.poll(stored).toEqual([])
})
