import { type Kysely, sql } from 'kysely'
import { lockTables } from './lock-tables.ts'

/** Errors go with their bot, also those that were stored after it was deleted. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await lockTables(db, ['bot_agent', 'bot_error'])
  await sql`
    delete from bot_error where not exists (
      select from bot_agent
      where bot_agent.account_id = bot_error.account_id and bot_agent.bot_id = bot_error.bot_id)`.execute(
    db,
  )
  await sql`
    alter table bot_error
      add foreign key (account_id, bot_id) references bot_agent on delete cascade`.execute(db)
}
