import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import type { OperatorEntry } from '@parley/contract'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anotherScene, liveChatAccount, startTestServer, type TestServer } from '#testing'
import { ACCOUNT_TABLES } from './account-tables.ts'
import { fill, PASSWORD, SECRET, tablesWithAccounts } from './filled-account.fixture.ts'
import { asOperator, OPERATOR_KEY, WITH_OPERATOR } from './operator.fixture.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ env: WITH_OPERATOR })
})
afterAll(() => server[Symbol.asyncDispose]())

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
  const found = await tablesWithAccounts(server)
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
  await expect.poll(differing).toEqual([])
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
})

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
  await expect.poll(status).toBe(200)
})

test('an export of texts that are not Latin goes on for a client that reads slowly', async () => {
  const account = await liveChatAccount(server)
  const { chatId } = await account.start()
  const text = '漢'.repeat(16_000)
  await server.context.chat.served.change(account.accountId, chatId, (draft) => {
    for (let n = 0; n < 490; n++) draft.add({ type: 'line', by: 'CONSUMER', name: 'Ada', text })
  })
  const path = `${server.url}/api/v1/operator/accounts/${account.accountId}/export`
  const asked = request(path, { headers: { authorization: `Bearer ${OPERATOR_KEY}` } }).end()
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  const begun = Promise.withResolvers<void>()
  let characters = 0
  response.setEncoding('utf8').on('data', (part: string) => {
    characters += part.length
    if (characters > text.length) begun.resolve()
  })
  await begun.promise
  response.pause()
  // Long enough for the server to fill what the system keeps.
  await liveChatAccount(server)
  response.resume()
  await once(response, 'end')
  expect(characters).toBeGreaterThan(490 * text.length)
})
