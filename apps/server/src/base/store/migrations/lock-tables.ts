import { type Kysely, sql } from 'kysely'

/**
 * Locks tables until the migration's transaction ends, for a change that is quick once nobody reads them. Whoever waits for such a lock keeps
 * everybody else waiting behind it: so it is asked for during a moment, again and again, until what reads them for long, such as a dump, has ended.
 *
 * All migrations of an upgrade are one transaction: the first one locks what those after it change, too. A node of the version before may use
 * a table while it waits for one that is locked already. Neither would ever end then: PostgreSQL finds no deadlock with somebody who asks
 * for a moment.
 */
export async function lockTables(db: Kysely<unknown>, tables: readonly string[]): Promise<void> {
  const names = tables.map((table) => `"${table}"`).join(', ')
  await sql
    .raw(
      `do $lock$
      declare
        usual constant text := current_setting('lock_timeout');
      begin
        loop
          begin
            set local lock_timeout = '200ms';
            lock table ${names} in access exclusive mode;
            perform set_config('lock_timeout', usual, true);
            exit;
          exception when lock_not_available or deadlock_detected then
            perform pg_sleep(1);
          end;
        end loop;
      end
    $lock$`,
    )
    .execute(db)
}
