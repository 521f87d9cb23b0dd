import { type Kysely, sql } from 'kysely'

/** A content message is a change of the kind `message`: version 0.1.0 called it `line` in the facts of the outbox. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of [sql.table('outbox'), sql.table('dead_letter')]) {
    for (const path of ['{change,kind}', '{causedBy,changeKind}']) {
      await sql`update ${table} set facts = jsonb_set(facts, ${path}, '"message"')
        where facts #>> ${path} = 'line'`.execute(db)
    }
  }
}
