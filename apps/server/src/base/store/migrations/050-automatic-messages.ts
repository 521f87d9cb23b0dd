import { type Kysely, sql } from 'kysely'

/** An empty skill or language stands for all of them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table automatic_message (
      account_id text not null,
      type text not null,
      skill_id text not null,
      language text not null,
      change jsonb not null,
      primary key (account_id, type, skill_id, language)
    )`.execute(db)
}
