import { type Kysely, sql } from 'kysely'

/** Who is asked to set a password, by a link: one at a time for a user. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table invitation (
      account_id text not null references account on delete cascade,
      user_id text not null,
      token_hash text not null,
      created_at timestamptz not null,
      created_by text not null,
      expires_at timestamptz not null,
      primary key (account_id, user_id),
      unique (account_id, token_hash),
      foreign key (account_id, user_id) references account_user on delete cascade
    )`.execute(db)
}
