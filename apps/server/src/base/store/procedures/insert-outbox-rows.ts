import { defineProcedure } from './define-procedure.ts'
import { textAt } from './texts.ts'

/**
 * Inserts rows into the outbox: the only code that does. The caller holds the locks of their ordering keys. A row is the
 * head of its key when no other row has that key; none is looked for whose id is not above the last number of the list. A head that may run now, and that this node wants to run, is leased to it.
 *
 * A row is a list as `openOutboxEncoder` makes it, with the number of its operation in front. Answers, in the order of the rows, lists of the operation's number, the id
 * of the row, and whether it is leased.
 */
export const insertOutboxRows = defineProcedure(
  'insert_outbox_rows',
  `(
  node_id text, outbox_rows jsonb, texts bytea, refused int[], domain_now timestamptz, lease_end timestamptz
) returns jsonb language plpgsql as $insert$
declare
  new_rows jsonb;
begin
  with fresh as materialized (
    select nextval('outbox_id') as id, op, account, consumer, lane, hash, facts, run_at, head,
        head and wanted and run_at <= domain_now as runs
      from (
        select (r->>0)::int as op, r->>1 as account, r->>2 as consumer, r->>3 as lane, (r->>4)::int as hash,
            ${textAt('r', 5)}::json as facts,
            coalesce(to_timestamp((r->>7)::float8 / 1000), domain_now) as run_at,
            (r->>8)::boolean as wanted,
            (r->>9)::boolean and not exists (
              select from outbox o where o.lane_hash = (r->>4)::int and o.id + 0 > (r->>10)::bigint
                and o.consumer = r->>2 and (o.lane = r->>3 and o.account_id = r->>1) is true offset 0
            ) as head
          from jsonb_array_elements(outbox_rows) r where (r->>0)::int <> all(refused) offset 0
      ) row
  ), put as (
    insert into outbox (account_id, id, consumer, lane, lane_hash, facts, head, run_at, created_at,
        first_attempt_at, starts, leased_by, leased_until)
      select account, id, consumer, lane, hash, facts, head, run_at, domain_now,
          case when runs then domain_now end, runs::int, case when runs then node_id end,
          case when runs then lease_end end
        from fresh
  )
  select jsonb_agg(jsonb_build_array(op, id, runs) order by id) into new_rows from fresh;
  return new_rows;
end
$insert$`,
)
