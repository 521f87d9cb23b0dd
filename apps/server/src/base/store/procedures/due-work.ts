import { defineProcedure, type Procedure } from './define-procedure.ts'

/** What is off counts as very dear, which PostgreSQL below 18 would compile each time that it runs: that takes a second. */
const IN_ORDER = `set jit = off set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off
set enable_sort = off`

/** What another node takes at the same moment is passed over. */
const LOOKERS = 2

/**
 * Answers the places in the table of work of these names that is due and that nobody has leased, what is due longest first. It is locked,
 * and nothing else is, which other nodes would leave out; what another node has locked is left out. Each name is looked for in the order of
 * its index, whatever the planner knows of a queue that was empty a moment ago: it would read all that is due to sort it, each time that
 * some of it is taken, and bitmaps do not mark the dead rows that they find. So a long queue costs nobody anything, neither those who take
 * of it nor those who look for other names.
 */
function dueWork(table: 'outbox' | 'timer', name: string, id: string, more: string): Procedure {
  const isDue = `${more} run_at <= domain_now and (leased_until is null or leased_until < clock_timestamp())`
  return defineProcedure(
    `due_in_${table}`,
    `(domain_now timestamptz, names text[], not_of text[], at_most int) returns setof tid language plpgsql
${IN_ORDER} as $due$
begin
  if cardinality(names) = 1 then
    return query select ctid from ${table}
      where ${name} = names[1] and ${isDue} and account_id <> all(not_of)
      order by run_at, ${id} limit at_most for update skip locked;
    return;
  end if;
  return query select locked.place from (
      select due.place from unnest(names) wanted, lateral (
          select ctid as place, run_at, ${id} as id from ${table}
          where ${name} = wanted and ${isDue} and account_id <> all(not_of)
          order by run_at, ${id} limit at_most * ${LOOKERS}) due
        order by due.run_at, due.id) found,
      lateral (select ctid as place from ${table} where ctid = found.place and ${isDue} for update skip locked) locked
    limit at_most;
end
$due$`,
  )
}

export const dueRows: Procedure = dueWork('outbox', 'consumer', 'id', 'head and')
export const dueTimers: Procedure = dueWork('timer', 'kind', 'generation', '')

/** The next instant between two at which work of these names becomes due. */
export const nextDue: Procedure = defineProcedure(
  'next_due',
  `(after timestamptz, before timestamptz, consumers text[], kinds text[]) returns timestamptz language plpgsql
${IN_ORDER} as $next$
begin
  return (select min(next.run_at) from (
    select due.run_at from unnest(consumers) wanted, lateral (
      select run_at from outbox where head and consumer = wanted and run_at > after and run_at < before
      order by run_at limit 1) due
    union all
    select due.run_at from unnest(kinds) wanted, lateral (
      select run_at from timer where kind = wanted and run_at > after and run_at < before
      order by run_at limit 1) due) next);
end
$next$`,
)
