import { sql } from 'kysely'
import type { Db } from './db.ts'
import type { Procedures } from './procedures/index.ts'

/** The advisory lock of installing and removing ("PRLP"). */
const LOCK_CLASS = 1_347_570_768
/** The function of migration 001. Nodes of version 0.1.0 call it, and do not write to `procedure_use`. */
const OF_FIRST_VERSION = 'apply_operations'

/**
 * Installs the procedures of this code where they are missing, writes that this node uses them, and removes those that no node
 * has used for a day. Safe when several nodes do it at once. A node repeats it while it lives.
 */
export async function installProcedures(
  db: Db,
  { nodeId, isExclusive }: { nodeId: string; isExclusive: boolean },
  procedures: Procedures,
): Promise<void> {
  const own = Object.values(procedures)
  const names = own.map(({ name }) => name)
  await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${LOCK_CLASS}, 0)`.execute(tx)
    const missing = await sql<{ name: string }>`
      with used as (
        insert into procedure_use (name, node_id, seen_at)
          select name, ${nodeId}, clock_timestamp() from unnest(${names}::text[]) name
          on conflict (name, node_id) do update set seen_at = excluded.seen_at
      )
      select name from unnest(${names}::text[]) name where to_regproc(name) is null`.execute(tx)
    for (const { name } of missing.rows) {
      const definition = own.find((procedure) => procedure.name === name)?.definition ?? ''
      await sql.raw(`create function ${name} ${definition}`).execute(tx)
    }
    await removeUnused(tx, { nodeId, isExclusive })
  })
}

/** A node that ends needs its procedures no longer: the next start of a node may remove them. */
export async function endProcedureUse(db: Db, nodeId: string): Promise<void> {
  await db
    .updateTable('procedureUse')
    .set({ seenAt: sql<Date>`'-infinity'` })
    .where('nodeId', '=', nodeId)
    .execute()
}

async function removeUnused(
  tx: Db,
  { nodeId, isExclusive }: { nodeId: string; isExclusive: boolean },
): Promise<void> {
  await noteFirstVersion(tx)
  const { rows } = await sql<{ name: string }>`
    with ended as (
      delete from procedure_use
      where seen_at < clock_timestamp() - interval '1 day' or (${isExclusive} and node_id <> ${nodeId})
      returning name, node_id
    )
    select distinct name from ended where not exists (
      select from procedure_use u where u.name = ended.name
        and not exists (select from ended e where e.name = u.name and e.node_id = u.node_id))`.execute(
    tx,
  )
  for (const { name } of rows) await sql.raw(`drop function if exists ${name}`).execute(tx)
}

/** As long as its function is there: a living node without rows in `procedure_use` may be one of version 0.1.0. */
async function noteFirstVersion(tx: Db): Promise<void> {
  await sql`
    insert into procedure_use (name, node_id, seen_at)
      select ${OF_FIRST_VERSION}, n.node_id, n.seen_at from node n
        where exists (select from procedure_use where name = ${OF_FIRST_VERSION})
          and not exists (select from procedure_use u where u.node_id = n.node_id and u.name <> ${OF_FIRST_VERSION})
      on conflict (name, node_id) do update set seen_at = excluded.seen_at`.execute(tx)
}
