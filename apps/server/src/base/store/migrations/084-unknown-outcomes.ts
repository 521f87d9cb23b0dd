import { type Kysely, sql } from 'kysely'

/** The count of the outcome that is published as `UNKOWN` is spelled rightly in our own table. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table invocation_minute rename column unkown to unknown`.execute(db)
}
