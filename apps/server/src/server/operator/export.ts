import { sql } from 'kysely'
import type { Readable } from 'node:stream'
import { ParleyError, textStream } from '#base/kernel'
import type { Db } from '#base/store'
import { ACCOUNT_TABLES } from './account-tables.ts'
import type { OperatorDeps } from './deps.ts'
import { note } from './entries.ts'
import { get } from './make.ts'

/** Rows that are in memory at once. A row of a file may have 100 MB. */
const PAGE = 50
const PAGE_OF_FILES = 1

/** Exports that run on this node: each holds one connection for long work. */
const MAX_RUNNING = 1

export interface Exports {
  start(accountId: string): Promise<Readable>
}

/** Archives of accounts as JSON lines; docs/operations.md has their format. */
export function openExports(deps: OperatorDeps): Exports {
  let running = 0
  return {
    /** @throws `not_found`; `rate_limited` while another export runs on this node */
    async start(accountId) {
      await get(deps, accountId)
      if (running >= MAX_RUNNING) {
        throw new ParleyError('rate_limited', 'Another export runs on this node; try again later')
      }
      running += 1
      using undo = new DisposableStack()
      undo.defer(() => void (running -= 1))
      await deps.store.transaction((tx) =>
        note(deps, tx, accountId, { action: 'account.exported' }),
      )
      const lines = textStream(linesOf(deps, accountId))
      const done = undo.move()
      lines.once('close', () => done.dispose())
      return lines
    },
  }
}

/** All rows as they were at one instant: one transaction reads them, by a cursor for each table. */
async function* linesOf(
  { store, clock }: Pick<OperatorDeps, 'store' | 'clock'>,
  accountId: string,
): AsyncGenerator<string> {
  const tx = await store.maintenance
    .startTransaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute()
  try {
    const at = new Date(clock.now()).toISOString()
    yield `${JSON.stringify({ format: 'parley-account-1', accountId, at })}\n`
    const rows: Record<string, number> = {}
    for (const [name, plan] of Object.entries(ACCOUNT_TABLES)) {
      if ('leftOut' in plan) continue
      const table = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
      rows[table] = 0
      for await (const page of pagesOf(tx, table, accountId, plan.hidden)) {
        rows[table] += page.length
        yield page.map((row) => `{"table":"${table}","row":${row}}\n`).join('')
      }
    }
    yield `${JSON.stringify({ end: true, rows })}\n`
    await tx.commit().execute()
  } finally {
    if (!tx.isCommitted) await tx.rollback().execute()
  }
}

async function* pagesOf(
  tx: Db,
  table: string,
  accountId: string,
  hidden: readonly string[],
): AsyncGenerator<string[]> {
  const shown = hidden.reduce(
    (row, path) => sql`${row} #- ${sql.lit(`{${path.replaceAll('.', ',')}}`)}::text[]`,
    sql`to_jsonb(t)`,
  )
  const limit = sql.lit(table === 'file' ? PAGE_OF_FILES : PAGE)
  await sql`declare exported no scroll cursor for
    select (${shown})::text as row from ${sql.id(table)} t where account_id = ${sql.lit(accountId)}`.execute(
    tx,
  )
  for (;;) {
    const { rows } = await sql<{ row: string }>`fetch ${limit} from exported`.execute(tx)
    if (rows.length === 0) break
    yield rows.map(({ row }) => row)
  }
  await sql`close exported`.execute(tx)
}
