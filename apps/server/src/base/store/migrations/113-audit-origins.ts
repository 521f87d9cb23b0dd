import { type Kysely, sql } from 'kysely'

/** From where somebody did something, and by which key. Entries made before do not know. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table audit_entry add column address text, add column via text`.execute(db)
}
