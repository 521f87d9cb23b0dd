import { type Kysely, sql } from 'kysely'

/** Keys that sign tokens of every account, for readers who look keys up without naming an account. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table installation_key (
    kid text primary key,
    public_jwk jsonb not null,
    private_box text not null,
    created_at timestamptz not null
  )`.execute(db)
}
