import { sql } from 'kysely'
import type { Logger } from '#base/kernel'
import type { Db } from './db.ts'

/**
 * Indexes of tables that may be large when a new version begins to need them. They are built beside the work of all nodes, which a
 * migration could not do; without them everything works, slower.
 */
const INDEXES: Record<string, string> = {
  context_property_expiry: 'context_property (account_id, expires_at) where expires_at is not null',
  // Of erased conversations.
  timer_of_conversation: `timer ((facts->>'conversationId'))`,
  dead_letter_of_conversation: `dead_letter ((facts->>'conversationId'))`,
  dead_letter_of_key: 'dead_letter (lane)',
  outbox_of_key: 'outbox (lane)',
  outbox_due_of_consumer: 'outbox (consumer, run_at, id) where head',
  timer_due_of_kind: 'timer (kind, run_at, generation)',
  // By an expression, so that only those use it who ask for a place in an ordering key: to a queue that was tidied up while it was empty the planner takes any index
  // with a column of the condition for as good as another, and looked for rows by their id through all ordering keys.
  outbox_ordering_key: 'outbox (lane_hash, (id + 0))',
  // Of dead nodes: PostgreSQL older than 18 reads the whole key for a kind.
  document_agent: `document (account_id) where kind = 'agent'`,
}

/** Indexes that nothing uses any more, since one of the above serves instead. */
const REPLACED = ['outbox_lane', 'outbox_due', 'timer_due']

/**
 * Builds the indexes that are missing, and those anew whose building was interrupted, and removes those that were replaced. What cannot be done now, since an old
 * transaction such as a dump holds it up, is left for the next call.
 * @param db its connections have a lock limit, so that no start waits for a dump
 */
export async function buildIndexes(db: Db, logger: Logger): Promise<void> {
  const names = [...Object.keys(INDEXES), ...REPLACED]
  const { rows } = await sql<{ name: string; isValid: boolean }>`
    select c.relname as name, i.indisvalid as is_valid from pg_index i join pg_class c on c.oid = i.indexrelid
    where c.relnamespace = current_schema()::regnamespace and c.relname = any(${names})`.execute(db)
  const drop = (name: string) => sql`drop index concurrently if exists ${sql.id(name)}`.execute(db)
  for (const [name, definition] of Object.entries(INDEXES)) {
    const known = rows.find((row) => row.name === name)
    if (known?.isValid) continue
    try {
      if (known) await drop(name)
      await sql.raw(`create index concurrently if not exists ${name} on ${definition}`).execute(db)
    } catch (err) {
      logger.warn({ err }, `The index ${name} could not be built; it is tried again`)
      return
    }
  }
  // All are there.
  for (const name of REPLACED) {
    if (!rows.some((row) => row.name === name)) continue
    try {
      await drop(name)
    } catch (err) {
      logger.warn({ err }, `The index ${name} could not be removed; it is tried again`)
    }
  }
}
