import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  lambdasOf,
  openConsumerSocket,
  openSmallDisk,
  startDoomedNode,
  startTestServer,
  type TestServer,
} from '#testing'

const END = 'controllerbot_messaging_conversation_end'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ clock: 'system' })
})
afterAll(() => server[Symbol.asyncDispose]())

/** The database has no room for rows of a table, and counts how often it was tried. */
async function fillUp(table: string) {
  const { db } = server.context.store
  await sql`create sequence if not exists tries`.execute(db)
  await sql`alter sequence tries restart`.execute(db)
  await sql`
    create or replace function no_room() returns trigger language plpgsql as $$ begin
      perform nextval('tries');
      raise exception using errcode = '53100', message = 'could not extend file';
    end $$`.execute(db)
  await sql`create trigger no_room before insert or update on ${sql.id(table)}
    for each row execute function no_room()`.execute(db)
  return {
    async tries() {
      const { rows } = await sql<{ tries: number }>`select last_value as tries from tries`.execute(
        db,
      )
      return rows[0]?.tries ?? 0
    },
    async [Symbol.asyncDispose]() {
      await sql`drop trigger if exists no_room on ${sql.id(table)}`.execute(db)
    },
  }
}

test('while the disk of the database is full, what writes is refused with when to try again, and reading goes on', async () => {
  const account = lambdasOf(server, await server.anotherAccount())
  const change = () => account.native('PATCH', '/settings', { limits: { logEntries: 5 } })
  {
    await using _full = await fillUp('account_settings')
    for (let again = 0; again < 3; again++) {
      const refused = await change()
      expect([refused.status, refused.headers['retry-after']]).toEqual([503, '1'])
      expect(refused.text).toContain('disk')
      expect((await account.native('GET', '/settings')).status).toBe(200)
    }
  }
  await expect.poll(async () => (await change()).status).toBe(200)
})

test('work of which the disk takes no effect waits until there is room, however often it is tried, and is done once', async () => {
  const scene = await anotherScene(server)
  const account = lambdasOf(scene)
  await account.deployed('const lambda = async () => []', { eventId: END })
  await using consumer = await openConsumerSocket(scene)
  const conversationId = await consumer.openConversation()
  const runs = async () => {
    const reply = await account.native('GET', `/invocations?conversationId=${conversationId}`)
    return reply.json<{ invocations: { attempt: number }[] }>().invocations
  }
  {
    await using full = await fillUp('invocation')
    await consumer.request('cm.UpdateConversationField', {
      conversationId,
      conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
    })
    await expect.poll(full.tries).toBeGreaterThan(6)
    expect(await runs()).toEqual([])
  }

  await expect.poll(runs).toHaveLength(1)
  const { deadLetters } = await call<{ deadLetters: unknown[] }>(scene, 'GET', 'dead-letters')
  expect(deadLetters).toEqual([])
})

test('a disk for temporary files that is full keeps nobody from saving: the types are not checked, and it says so', async ({
  skip,
}) => {
  using disk = openSmallDisk(8)
  if (!disk) return skip('this user may not mount a disk')
  await using node = await startDoomedNode(server, { TMPDIR: disk.folder })
  const check = async () => {
    const path = `/api/v1/accounts/${server.accountId}/source-checks`
    const reply = await fetch(`${node.url()}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${server.adminBearer}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        code: 'export const lambda = async (): Promise<number> => "one"',
        language: 'typescript',
      }),
    })
    return [reply.status, await reply.text()]
  }
  expect(await check()).toEqual([200, expect.stringContaining("not assignable to type 'number'")])

  disk.fillUp()

  const said = 'The types were not checked: no temporary files can be written (ENOSPC)'
  expect(await check()).toEqual([200, expect.stringContaining(said)])
})
