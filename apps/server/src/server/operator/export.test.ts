import type { OperatorEntry } from '@parley/contract'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  lambdasOf,
  openAgentSocket,
  openConsumerSocket,
  type Scene,
  startTestServer,
  type TestServer,
} from '#testing'
import { ACCOUNT_TABLES } from './account-tables.ts'
import { asOperator, OPERATOR_KEY, WITH_OPERATOR } from './operator.fixture.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ env: WITH_OPERATOR })
})
afterAll(() => server[Symbol.asyncDispose]())

const SECRET = 'a-sealed-value-of-this-test'
const PASSWORD = 'a long pass phrase'

/** Conversations with a file, a chat, functions that ran, keys, secrets, surveys: in every account alike. */
async function fill(scene: Scene): Promise<void> {
  const lambdas = lambdasOf(scene)
  await lambdas.deployed(
    `function lambda(input, callback) { console.info('seen'); callback(null, []) }`,
    { eventId: 'controllerbot_messaging_new_conversation' },
  )
  const id = await lambdas.deployed('function lambda(input, callback) { callback(null, 1) }')
  await lambdas.invoke(id, { of: scene.accountId })
  await call(scene, 'POST', 'schedules', { functionId: id, cronExpression: '0 0 1 1 *' })
  await call(scene, 'POST', 'users', { loginName: 'one-more', password: PASSWORD })
  await call(scene, 'PATCH', 'settings', { retention: { conversationDays: 3000 } })
  await call(scene, 'POST', 'allowed-domains', { domain: 'api.example.com' })
  await call(scene, 'POST', 'secrets', { name: 'kept', type: 'text', value: SECRET })
  await call(scene, 'POST', 'context-store/key')
  await call(scene, 'POST', 'surveys', {
    name: 'Short',
    questions: [{ id: 'csat', kind: 'CSAT', text: 'Satisfied?' }],
    fallback: 'What?',
  })
  await call(scene, 'POST', 'consumer/chats', { skillId: '1001', name: 'Ada' })
  await using consumer = await openConsumerSocket(scene)
  await using agent = await openAgentSocket(scene, scene.agents[0])
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)
  for (let n = 0; n < 60; n++) await consumer.say(conversationId, `line ${n}`)
  const content = Buffer.from([0, 255, 10, 34])
  const file = { fileSize: content.length, fileType: 'text/plain' }
  const { body } = await consumer.request('ms.GenerateURLForUploadFile', file)
  const query = new URLSearchParams(body.queryParams as Record<string, string>).toString()
  await scene.request('PUT', `${body.relativePath}?${query}`, { body: content })
  await scene.clock.advance(1000)
}

/** Every table of the database that has rows of accounts; partitions count as their parent. */
async function tablesWithAccounts(): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from information_schema.columns i
    join pg_class c on c.relname = i.table_name and c.relnamespace = 'public'::regnamespace
    where i.table_schema = 'public' and i.column_name = 'account_id' and not c.relispartition and c.relkind in ('r', 'p')
    order by 1`.execute(server.context.store.db)
  return rows.map(({ name }) => name)
}

const snake = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const planned = new Map(Object.entries(ACCOUNT_TABLES).map(([name, plan]) => [snake(name), plan]))

async function exported(accountId: string) {
  const reply = await asOperator(server)('GET', `accounts/${accountId}/export`)
  expect(reply.status).toBe(200)
  const lines = reply.text.trim().split('\n')
  return {
    text: reply.text,
    lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>),
  }
}

test('every table with an account is in the export, or left out for a reason', async () => {
  const found = await tablesWithAccounts()
  expect(found).toContain('log_entry')
  expect(found.filter((name) => !planned.has(name))).toEqual([])
  const read = [...planned].filter(([, plan]) => 'hidden' in plan).map(([name]) => name)
  expect(read.filter((name) => !found.includes(name))).toEqual([])
})

test('no column that may hold a secret is exported without a reason', async () => {
  const { rows } = await sql<{ table: string; name: string }>`
    select table_name as table, column_name as name from information_schema.columns
    where table_schema = 'public'
      and column_name ~ 'hash|secret|sealed|digest|box|token|password|private|csrf'`.execute(
    server.context.store.db,
  )
  const shown = rows.filter(({ table, name }) => {
    const plan = planned.get(table)
    return plan && 'hidden' in plan && !plan.hidden.includes(name)
  })
  // The hash of an ordering key, to find the rows behind a row.
  expect(shown).toEqual([{ table: 'outbox', name: 'lane_hash' }])
})

test('an export has each row of its account, and nothing of another one', async () => {
  const [mine, other] = [await anotherScene(server), await anotherScene(server)]
  await fill(mine)
  await fill(other)
  let { text, lines } = await exported(mine.accountId)
  // Records and counts of invocations are written soon after them: then the next export has them.
  const differing = async () => {
    ;({ text, lines } = await exported(mine.accountId))
    return await tablesThatDiffer(mine.accountId, lines)
  }
  await expect.poll(differing, { timeout: 60_000 }).toEqual([])
  expect(lines[0]).toMatchObject({ format: 'parley-account-1', accountId: mine.accountId })
  const counts: Record<string, number> = {}
  for (const [table, plan] of planned) {
    if ('hidden' in plan) counts[table] = rowsOf(lines, table).length
  }
  expect(lines.at(-1)).toEqual({ end: true, rows: counts })
  expect(counts['message']).toBeGreaterThanOrEqual(60)
  const used = Object.keys(counts).filter((table) => (counts[table] ?? 0) > 0)
  expect(used).toEqual(
    expect.arrayContaining([
      'account_user',
      'audit_entry',
      'conversation',
      'document',
      'file',
      'function_version',
      'invocation',
      'log_entry',
      'message',
      'schedule',
      'secret',
      'survey',
      'timer',
    ]),
  )
  const ofMine = lines.filter(({ row }) => {
    const { account_id: owner } = (row ?? {}) as { account_id?: string }
    return owner === mine.accountId
  })
  // The first and the last line are no rows.
  expect(ofMine).toHaveLength(lines.length - 2)
  expect(text).not.toContain(other.accountId)
  // What the file holds, as it is documented.
  expect(text).toContain(String.raw`"\\x00ff0a22"`)
  const secrets = [SECRET, PASSWORD, mine.client.secret, mine.apiKey.secret, mine.adminBearer]
  for (const secret of secrets) expect(text).not.toContain(secret)
  expect(text).not.toMatch(/tokenHash|password_hash|_box"/)
}, 120_000)

const rowsOf = (lines: readonly Record<string, unknown>[], table: string) =>
  lines.filter((line) => line['table'] === table).map(({ row }) => JSON.stringify(row))

/** Tables whose rows in the database are others than those of the export. */
async function tablesThatDiffer(
  accountId: string,
  lines: readonly Record<string, unknown>[],
): Promise<string[]> {
  const found: string[] = []
  for (const [table, plan] of planned) {
    if ('leftOut' in plan) continue
    const { rows } = await sql<{ row: string }>`
      select to_jsonb(t)::text as row from ${sql.id(table)} t
      where account_id = ${accountId}`.execute(server.context.store.db)
    const whole = rows.map(({ row }) =>
      JSON.stringify(without(JSON.parse(row) as Record<string, unknown>, plan.hidden)),
    )
    const given = rowsOf(lines, table)
    if (given.toSorted().join('\n') !== whole.toSorted().join('\n')) found.push(table)
  }
  return found
}

function without(row: Record<string, unknown>, hidden: readonly string[]): Record<string, unknown> {
  for (const path of hidden) {
    const [column = '', member] = path.split('.')
    const inner = row[column]
    if (member === undefined) Reflect.deleteProperty(row, column)
    else if (typeof inner === 'object' && inner !== null) Reflect.deleteProperty(inner, member)
  }
  return row
}

test('an export is noted, gives its place back, and an unknown account is 404', async () => {
  const { accountId } = await server.anotherAccount()
  await exported(accountId)
  const own = await asOperator(server)('GET', `entries?accountId=${accountId}`)
  expect(own.json<{ entries: OperatorEntry[] }>().entries).toMatchObject([
    { action: 'account.exported', via: expect.stringContaining('operator-key:') },
  ])
  expect((await asOperator(server)('GET', 'accounts/no_such/export')).status).toBe(404)
  const path = `${server.url}/api/v1/operator/accounts/${accountId}/export`
  const leaving = new AbortController()
  const begun = await fetch(path, {
    headers: { authorization: `Bearer ${OPERATOR_KEY}` },
    signal: leaving.signal,
  })
  expect(begun.status).toBe(200)
  leaving.abort()
  const status = async () =>
    (await asOperator(server)('GET', `accounts/${accountId}/export`)).status
  await expect.poll(status, { timeout: 30_000 }).toBe(200)
}, 60_000)
