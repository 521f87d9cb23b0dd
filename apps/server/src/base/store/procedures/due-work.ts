import { defineProcedure, type Procedure } from './define-procedure.ts'

/**
 * Locks rows that are due, are of one of these names and which nobody has leased, those that are due longest first, and answers their
 * places in the table. One that is locked is left out. In the order of the index, whatever the planner knows of a queue that was empty a
 * moment ago: it would read all that is due to sort it, each time that some of it is taken. And bitmaps do not mark the dead rows that
 * they find.
 */
function dueWork(table: 'outbox' | 'timer', name: string, where: string, id: string): Procedure {
  return defineProcedure(
    `due_in_${table}`,
    `(domain_now timestamptz, names text[], not_of text[], at_most int) returns setof tid language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $due$
begin
  return query select ctid from ${table}
    where ${where} run_at <= domain_now and ${name} = any(names)
      and (leased_until is null or leased_until < clock_timestamp()) and account_id <> all(not_of)
    order by run_at, ${id} limit at_most for update skip locked;
end
$due$`,
  )
}

export const dueRows: Procedure = dueWork('outbox', 'consumer', 'head and', 'id')
export const dueTimers: Procedure = dueWork('timer', 'kind', '', 'generation')
