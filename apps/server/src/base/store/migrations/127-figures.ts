import { type Kysely, sql } from 'kysely'

/**
 * What happened in conversations and live chats in one minute, by skill and agent: how often, and the sum of the values, of one
 * measure and one bucket of its values. `strand` spreads a minute over several rows, so that commits do not wait for each other.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table figure_minute (
    account_id text not null,
    minute timestamptz not null,
    channel text not null,
    skill_id text not null,
    agent_id text not null,
    measure text not null,
    bucket smallint not null,
    strand smallint not null,
    count bigint not null,
    total bigint not null,
    primary key (account_id, minute, channel, skill_id, agent_id, measure, bucket, strand)
  )`.execute(db)
}
