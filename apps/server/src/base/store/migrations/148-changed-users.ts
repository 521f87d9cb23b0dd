import { type Kysely, sql } from 'kysely'
import { lockTables } from './lock-tables.ts'

/**
 * Triggers note which transaction has changed a user last, and which has deleted a user or a skill: a node that knows the users of an
 * account reads those alone that a later snapshot has otherwise. Nodes of versions before this one need not know of it. Nothing is
 * rewritten: what was there before has the oldest number there is.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await lockTables(db, ['account', 'account_user', 'skill'])
  for (const statement of [
    sql`alter table account_user add column changed_in xid8 not null default '0'`,
    sql`alter table account add column users_removed_in xid8 not null default '0'`,
    sql`create index account_user_changed on account_user (account_id, changed_in)`,
    sql`create function note_changed_user() returns trigger language plpgsql as $note$
      begin
        new.changed_in := pg_current_xact_id();
        return new;
      end
    $note$`,
    // A skill that is deleted leaves its users by a cascade, which changes none of their rows.
    sql`create function note_removed_users() returns trigger language plpgsql as $note$
      begin
        update account set users_removed_in = pg_current_xact_id()
          where account_id in (select account_id from removed);
        return null;
      end
    $note$`,
    sql`create trigger note_changed before insert or update on account_user
      for each row execute function note_changed_user()`,
    sql`create trigger note_removed after delete on account_user referencing old table as removed
      for each statement execute function note_removed_users()`,
    sql`create trigger note_removed after delete on skill referencing old table as removed
      for each statement execute function note_removed_users()`,
  ]) {
    await statement.execute(db)
  }
}
