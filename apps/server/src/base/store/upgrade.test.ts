import { sql } from 'kysely'
import { expect, inject, test, vi } from 'vitest'
import { cloneDatabase } from '#base/postgres'
import { call, startTestServer } from '#testing'
import { databaseOfFirstVersion, FIRST_VERSION, rowsOf } from './first-version.fixture.ts'
import { openStore } from './open.ts'
import { openPlainDb } from './plain-db.fixture.ts'
import { procedures } from './procedures/index.ts'
import { storeDeps } from './store-deps.fixture.ts'
import { aWrite } from './two-stores.fixture.ts'

const { accountId, conversations, rows } = FIRST_VERSION
/** Old and new words, by table; those of decisions about transcripts by their kind. */
const WORDS: Record<string, readonly [string, string]> = {
  blocked_call: ['why', 'reason'],
  invocation: ['why', 'reason'],
  transcript: ['why', 'reason'],
  invocation_minute: ['unkown', 'unknown'],
}
/** They join the other settings of the account, and stay for nodes of version 0.1.0. */
const chatSettings = rows['document']?.find(({ kind }) => kind === 'chat-settings')

test('a database of version 0.1.0 keeps every row, and the words in them become those of today', async () => {
  await using database = await databaseOfFirstVersion(inject('templateUrl'))

  await using store = await openStore(storeDeps, { kind: 'given', url: database.url })

  expect(JSON.stringify(rows)).toContain('"why":')
  for (const [table, all] of Object.entries(rows)) {
    const after = await rowsOf(store.db, table)
    expect(after, `Table ${table}`).toHaveLength(all.length)
    expect(after, `Table ${table}`).toEqual(
      expect.arrayContaining(all.map((row) => expect.objectContaining(renamed(table, row)))),
    )
  }
  const settings = await store.db.selectFrom('accountSettings').selectAll().execute()
  expect(settings).toMatchObject([
    { accountId: chatSettings?.['account_id'], changed: { chat: chatSettings?.['state'] } },
  ])
})

test('an upgrade writes no table anew that grows with what consumers do', async () => {
  await using database = await databaseOfFirstVersion(inject('templateUrl'))
  const filesOf = async () => {
    await using db = openPlainDb(database.url)
    const { rows } = await sql<{ name: string; file: string }>`
      select relname as name, pg_relation_filenode(oid) as file from pg_class
      where relkind = 'r' and relname ~ '^(conversation|message|document|timer|file|audit_entry|invocation_p.*)$'
      order by relname`.execute(db)
    return rows
  }
  const before = await filesOf()

  await using _store = await openStore(storeDeps, { kind: 'given', url: database.url })

  expect(before.map(({ name }) => name)).toEqual(expect.arrayContaining(['document', 'message']))
  expect(await filesOf()).toEqual(expect.arrayContaining(before))
})

test('a start waits for a migration that takes longer than other statements may', async () => {
  await using database = await databaseOfFirstVersion(inject('templateUrl'))
  await using db = openPlainDb(database.url)
  const waiting = async () => {
    const { rows } = await sql`select from pg_stat_activity
      where datname = current_database() and state = 'active' and query like '%''blocked_call''%lock table%'
        and pid <> pg_backend_pid()`.execute(db)
    return rows.length
  }
  const release = Promise.withResolvers<void>()
  const holding = db.transaction().execute(async (tx) => {
    await sql`select from blocked_call`.execute(tx)
    await release.promise
  })

  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  using fake = new DisposableStack()
  fake.defer(() => void vi.useRealTimers())
  const opening = openStore(storeDeps, { kind: 'given', url: database.url })
  await expect.poll(waiting).toBe(1)
  vi.advanceTimersByTime(10 * 60_000)
  // What waits for a moment from now on does not wait for ever.
  fake.dispose()
  release.resolve()
  await holding

  await using store = await opening
  expect(await store.commit(aWrite('d', 0))).toMatchObject({ status: 'applied' })
})

test('a migration that needs a table for itself waits for a dump without keeping others waiting behind it', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  await using db = openPlainDb(database.url)
  for (const table of ['conversation', 'document']) {
    await sql.raw(`drop function follow_${table}_state cascade`).execute(db)
  }
  await sql`delete from schema_migration where name like '145-%'`.execute(db)
  const release = Promise.withResolvers<void>()
  const dump = db.transaction().execute(async (tx) => {
    await sql`select from document`.execute(tx)
    await release.promise
  })

  const opening = openStore(storeDeps, { kind: 'given', url: database.url })
  const sleeps = async () => {
    const { rows } = await sql`select from pg_stat_activity
      where datname = current_database() and wait_event = 'PgSleep'`.execute(db)
    return rows.length
  }
  for (let time = 0; time < 2; time += 1) {
    await expect.poll(sleeps).toBe(1)
    await sql`select from conversation, document`.execute(db)
    await expect.poll(sleeps).toBe(0)
  }
  release.resolve()
  await dump

  await using store = await opening
  expect(await store.commit(aWrite('d', 0))).toMatchObject({ status: 'applied' })
})

test('an upgrade ends beside a node of version 0.1.0 that works all the while, and cuts off nothing of it', async () => {
  await using database = await databaseOfFirstVersion(inject('templateUrl'))
  await using db = openPlainDb(database.url)
  const { rows: tables } = await sql<{ name: string }>`select relname as name from pg_class
    where relkind in ('r', 'p') and not relispartition and relnamespace = 'public'::regnamespace
      and relname not like 'schema%' order by relname`.execute(db)
  // Statements of that version lock a table to choose rows, then to write them, and several tables in one transaction.
  const uses = tables.map(
    ({ name }) =>
      `lock table "${name}" in row share mode; lock table "${name}" in row exclusive mode;`,
  )
  let isUpgraded = false
  const work = async (statements: string[]) => {
    const all = sql.raw(`do $use$ begin ${statements.join('\n')} end $use$`)
    while (!isUpgraded) await all.execute(db)
  }
  const working = Promise.all([work(uses), work(uses.toReversed())])

  await using store = await openStore(storeDeps, { kind: 'given', url: database.url })
  isUpgraded = true
  await working

  expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(['account', 'outbox']))
  expect(await store.commit(aWrite('d', 0))).toMatchObject({ status: 'applied' })
})

test('functions forget skills that were deleted before; one for those alone is for a deleted skill', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  await using db = openPlainDb(database.url)
  await sql`delete from schema_migration where name like '146-%'`.execute(db)
  await sql`insert into account (account_id, name, created_at) values ('a', 'A', now())`.execute(db)
  for (const skillId of ['1', '2']) {
    await sql`insert into skill (account_id, skill_id, name, description, created_at)
      values ('a', ${skillId}, ${skillId}, '', now())`.execute(db)
  }
  const skillLists = [['7', '8'], ['2', '7', '1'], ['1'], [], ['deleted-9']]
  for (const [at, skills] of skillLists.entries()) {
    await sql`
      insert into function (account_id, function_id, name, description, skills, sample_payload, state, version, size,
        created_at, created_by, updated_at, updated_by)
      values ('a', gen_random_uuid(), ${`f${at}`}, '', ${JSON.stringify(skills)}::jsonb, '{}', 'Draft', 1, 1,
        now(), 'me', now(), 'me')`.execute(db)
  }

  await using store = await openStore(storeDeps, { kind: 'given', url: database.url })

  const found = await store.db.selectFrom('function').select('skills').orderBy('name').execute()
  expect(found.map(({ skills }) => skills)).toEqual([
    ['deleted-7'],
    ['2', '1'],
    ['1'],
    [],
    ['deleted-9'],
  ])
})

test('the procedure of version 0.1.0 stays for its nodes, which commit beside those of today', async () => {
  await using database = await databaseOfFirstVersion(inject('templateUrl'))
  await using store = await openStore(storeDeps, { kind: 'given', url: database.url })
  const row = { consumer: 'bot', orderingKey: 'c', facts: {} }
  expect(await store.commit(aWrite('c', 0, { outbox: [row] }))).toMatchObject({ status: 'applied' })

  const [id] = rows['commit_lane']?.map((lane) => lane['id']) ?? []
  const batch = JSON.stringify({
    now: 1_767_607_320_000,
    newConversations: [
      [0, 'acme', 'd', { consumerId: 'someone', stage: 'OPEN', ttr: { ttrType: 'URGENT' } }],
    ],
    outbox: [[0, 'acme', 'bot', 'd', 7, {}, null, true, true]],
  })
  const answer = await sql<{ outcomes: object }>`
    select outcomes from apply_operations(${id}, 1000, 'an old node', ${batch}::jsonb)`.execute(
    store.db,
  )

  expect(answer.rows[0]?.outcomes).toMatchObject({ stale: [], gone: [], born: [[0, 1002, true]] })
  const written = store.db.selectFrom('conversation').select('queueRank')
  expect(await written.where('conversationId', '=', 'd').execute()).toEqual([{ queueRank: 0 }])
  expect(await store.commit(aWrite('d', 1))).toMatchObject({ status: 'applied' })
})

test('the procedure of version 0.1.0 goes when none of its nodes was seen for a day', async () => {
  await using database = await databaseOfFirstVersion(inject('templateUrl'))
  const settings = { kind: 'given' as const, url: database.url }
  const { name } = procedures.applyOperations
  await using current = await openStore(storeDeps, settings)
  const afterTwoDays = async () => {
    await sql`update procedure_use set seen_at = seen_at - interval '2 days'
      where node_id <> ${current.nodeId}`.execute(current.db)
    await using _started = await openStore(storeDeps, settings)
    const found = await sql<{ proname: string }>`
      select proname from pg_proc where proname like 'apply_operations%' order by proname`.execute(
      current.db,
    )
    return found.rows.map(({ proname }) => proname)
  }

  // A node of version 0.1.0 lives, and says so as that version does.
  await sql`update node set seen_at = clock_timestamp()`.execute(current.db)
  expect(await afterTwoDays()).toEqual(['apply_operations', name])
  await sql`delete from node`.execute(current.db)
  expect(await afterTwoDays()).toEqual([name])
})

test('a server of today goes on where version 0.1.0 has stopped', async () => {
  // The first start makes the account that the rows belong to, unless there is one.
  await using database = await databaseOfFirstVersion(inject('templateUrl'), ['account'])
  await using server = await startTestServer({ databaseUrl: database.url })
  expect(server.accountId).toBe(accountId)
  await server.clock.advance(5 * 60_000)

  const { invocations } = await call<{
    invocations: { conversationId: string; commands: object[] }[]
  }>(server, 'GET', 'invocations')
  const commandsOf = (wanted: string) =>
    invocations.find(({ conversationId }) => conversationId === wanted)?.commands
  expect(commandsOf(conversations.ended)).toEqual([
    { type: 'systemMessage', applied: true },
    { type: 'transfer', applied: false, reason: 'The conversation has ended' },
    { type: 'closeConversation', applied: false, reason: 'The conversation has ended' },
  ])
  // Its event was not delivered yet.
  expect(commandsOf(conversations.waiting)).toEqual([{ type: 'systemMessage', applied: true }])
  expect(await call(server, 'GET', 'blocked-calls')).toMatchObject({
    blockedCalls: [{ reason: 'api.example.com is not on the list of allowed domains' }],
  })
  const { db } = server.context.store
  const texts = await db
    .selectFrom('message')
    .select('body')
    .where('conversationId', '=', conversations.waiting)
    .orderBy('sequence')
    .execute()
  expect(texts.map(({ body }) => (body as { event: { message: string } }).event.message)).toEqual([
    'Welcome! How can we help you?',
    'Is anybody there?',
    'It is urgent',
  ])
  expect(await db.selectFrom('outbox').select('id').execute()).toEqual([])
})

/** A row as today's code reads it. */
function renamed(table: string, row: Record<string, unknown>): Record<string, unknown> {
  // A sample that its event has had is none of the function's own.
  if (table === 'function' && row['event_id'] !== null) {
    return { ...row, sample_payload: { headers: [], payload: {} } }
  }
  const isDecision = table === 'document' && row['kind'] === 'transcript'
  const words = isDecision ? WORDS['transcript'] : WORDS[table]
  if (!words) return row
  const [before, after] = words
  const read = JSON.parse(JSON.stringify(row).replaceAll(`"${before}":`, `"${after}":`))
  return isDecision ? { ...read, version: Number(row['version']) + 1 } : read
}
