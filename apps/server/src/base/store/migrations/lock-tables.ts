import { type Kysely, sql } from 'kysely'

/** All of them are locked within this time. It is well below the 200 ms after which a database of Parley's looks for deadlocks. */
const MOMENT_MS = 100

/**
 * Locks tables until the migration's transaction ends, for a change that is quick once nobody reads them. Whoever waits for such a lock keeps
 * everybody else waiting behind it: so it is asked for during a moment, again and again, until what reads them for long, such as a dump, has ended.
 *
 * All migrations of an upgrade are one transaction: the first one locks what those after it change, too. A node of the version before may use
 * a table while it waits for one that is locked already. Neither would ever end then, as PostgreSQL finds no deadlock with somebody who asks
 * for a moment; and what that node does would be ended, if it waited for so long that PostgreSQL looked.
 */
export async function lockTables(db: Kysely<unknown>, tables: readonly string[]): Promise<void> {
  const names = tables.map((table) => `'${table}'`).join(', ')
  await sql
    .raw(
      `do $lock$
      declare
        usual constant text := current_setting('lock_timeout');
        began timestamptz;
        table_name text;
      begin
        loop
          begin
            began := clock_timestamp();
            foreach table_name in array array[${names}] loop
              perform set_config('lock_timeout',
                greatest(1, ${MOMENT_MS} - extract(epoch from clock_timestamp() - began) * 1000)::int::text, true);
              execute format('lock table %I in access exclusive mode', table_name);
            end loop;
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
