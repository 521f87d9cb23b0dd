import type pg from 'pg'

interface Index {
  table: string
  name: string
  /** Of the statement that makes it again. */
  definition: string
  isConstraint: boolean
}

/**
 * Takes the indexes of tables away, and lets their pages be filled to the brim, until it is disposed of: rows that come in by the million
 * take a tenth of the time, and the indexes are dense. Nobody else may use the tables meanwhile. Partitioned tables are left as they are.
 */
export async function openBulkLoad(
  client: pg.Client,
  tables: readonly string[],
): Promise<AsyncDisposable> {
  const indexes = await indexesOf(client, tables)
  const spaced = await client.query<{ table: string; fillfactor: string }>(
    `select relname as table, option_value as fillfactor
      from pg_class, pg_options_to_table(reloptions)
      where relnamespace = 'public'::regnamespace and relkind = 'r' and relname = any($1)
        and option_name = 'fillfactor'`,
    [tables],
  )
  const fill = async (table: string, factor: string): Promise<void> => {
    await client.query(`alter table ${table} set (fillfactor = ${factor})`)
  }
  for (const { table } of spaced.rows) await fill(table, '100')
  for (const { table, name, isConstraint } of indexes) {
    await client.query(
      isConstraint ? `alter table ${table} drop constraint ${name}` : `drop index ${name}`,
    )
  }
  return {
    async [Symbol.asyncDispose]() {
      for (const { table, fillfactor } of spaced.rows) await fill(table, fillfactor)
      await client.query('set maintenance_work_mem = "512MB"')
      for (const { table, name, definition, isConstraint } of indexes) {
        await client.query(
          isConstraint ? `alter table ${table} add constraint ${name} ${definition}` : definition,
        )
      }
      await client.query('reset maintenance_work_mem')
    },
  }
}

async function indexesOf(client: pg.Client, tables: readonly string[]): Promise<Index[]> {
  const { rows } = await client.query<Index>(
    `select t.relname as table, c.relname as name, k.oid is not null as "isConstraint",
        coalesce(pg_get_constraintdef(k.oid), pg_get_indexdef(i.indexrelid)) as definition
      from pg_index i join pg_class t on t.oid = i.indrelid join pg_class c on c.oid = i.indexrelid
        left join pg_constraint k on k.conindid = i.indexrelid and k.contype in ('p', 'u')
      where t.relnamespace = 'public'::regnamespace and t.relkind = 'r' and t.relname = any($1)
        and not exists (select from pg_constraint f where f.contype = 'f' and f.conindid = i.indexrelid)`,
    [tables],
  )
  return rows
}
