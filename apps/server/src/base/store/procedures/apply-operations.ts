import { defineProcedure } from './define-procedure.ts'
import { insertOutboxRows } from './insert-outbox-rows.ts'
import { invocationNames, invocationValues } from './invocation-columns.ts'
import { lockOrderingKeys } from './lock-ordering-keys.ts'
import { textAt } from './texts.ts'

/** The rows that wait behind those that have left their ordering keys, if these were heads. */
const rowsBehind = (
  left: string,
) => `select l.id as left_id, n.* from ${left} l cross join lateral (
        select o.account_id, o.id, o.consumer, o.lane, o.facts, o.run_at, o.created_at from outbox o
          where o.lane_hash = l.lane_hash and o.id + 0 > l.id and o.consumer = l.consumer
            and (o.lane = l.lane and o.account_id = l.account_id) is true and not o.head
          order by o.id + 0 limit 1
      ) n where l.head`

/**
 * The loop over those rows: makes heads of them, and starts what may run now where this node asked for the next one. Its facts are answered as
 * they were written: not all that is `json` is `jsonb`, and what waits must not keep what is before it from ending.
 */
const goOn = `loop
      select e into part from jsonb_array_elements(batch->'completedRows') e where (e->>2)::bigint = followed.left_id;
      if (part->>3)::boolean and followed.run_at <= domain_now then
        update outbox set head = true, starts = starts + 1, first_attempt_at = domain_now,
            leased_by = node_id, leased_until = lease_end
          where account_id = followed.account_id and id = followed.id;
        nexts := coalesce(nexts, '{}') || jsonb_build_object(part->>0, jsonb_build_object(
          'id', followed.id, 'consumer', followed.consumer, 'orderingKey', followed.lane, 'facts', followed.facts::text,
          'createdAt', extract(epoch from followed.created_at) * 1000));
      else
        update outbox set head = true where account_id = followed.account_id and id = followed.id;
      end if;
    end loop;`

/**
 * Applies a batch of operations in one commit: locks what they read, judges each, and does those that are not refused. An
 * operation is applied as a whole or not at all. No operation of a batch changes what another one of it reads or changes
 * (`independent.ts`), and every row of the batch begins with the number of its operation (`encode-batch.ts`). Long texts stand beside
 * the batch (`texts.ts`).
 *
 * A statement takes all rows of a table, so that it is set up once, which costs more than its first row. What only finds out that
 * all is as it was read is an expression. No statement joins two tables: the planner does not know the size
 * of a table that is mostly empty, and would read all of it. Rows are found by laterals that cannot be turned around, and,
 * once locked, by their place. Ordering keys are found by their hash and the place in it alone, by an index that serves nothing else, with
 * account and key where no index can serve them.
 *
 * All nodes lock in one order: conversations, other documents, timers that are completed, outbox rows that are completed, ordering keys,
 * timers that are disarmed or armed, figures of minutes. Timers have two places in it, and neither they nor outbox rows are sorted among
 * themselves. So two batches may wait for each other: one completes a timer and adds a row to an ordering key that the other one has, which
 * arms that timer. PostgreSQL then rolls one of them back, and it is sent again (`isConflict`).
 *
 * A row that is handed over stays the head that it is, of a key that it has for itself: what waits behind it goes on.
 *
 * A batch is committed once, however often it is sent: its number is written with it, and must be higher than the last.
 */
export const applyOperations = defineProcedure(
  'apply_operations',
  `(
  connection_id text, batch_number bigint, node_id text, batch jsonb, texts bytea,
  out outcomes jsonb, out nexts jsonb
) language plpgsql as $apply$
declare
  domain_now constant timestamptz := to_timestamp((batch->>'now')::float8 / 1000);
  lease_end constant timestamptz := clock_timestamp() + interval '5 seconds';
  part jsonb;
  versions bigint[];
  places tid[];
  document_versions bigint[];
  document_places tid[];
  timer_ops int[];
  timer_places tid[];
  row_ops int[];
  row_places tid[];
  row_hashes int[];
  row_handovers jsonb[];
  hashes int[];
  followed record;
  some_ops int[];
  refused int[] := '{}';
  stale int[] := '{}';
  gone int[] := '{}';
  duplicates jsonb;
  answer jsonb;
  new_rows jsonb;
begin
  -- Lock.
  part := batch->'lockConversations';
  if part is not null then
    select array_agg(coalesce(c.version, 0)), array_agg(c.place) into versions, places
      from jsonb_array_elements(part) k left join lateral (
        select version, ctid as place from conversation
          where account_id = k->>0 and conversation_id = k->>1 for no key update
      ) c on true;
  end if;

  part := batch->'lockDocuments';
  if part is not null then
    select array_agg(coalesce(d.version, 0)), array_agg(d.place) into document_versions, document_places
      from jsonb_array_elements(part) k left join lateral (
        select version, ctid as place from document
          where account_id = k->>0 and kind = k->>1 and id = k->>2 for no key update
      ) d on true;
    versions := versions || document_versions;
    places := places || document_places;
  end if;

  part := batch->'completedTimers';
  if part is not null then
    select array_agg((f->>0)::int), array_agg(t.place) into timer_ops, timer_places
      from jsonb_array_elements(part) f left join lateral (
        select ctid as place from timer
          where account_id = f->>1 and kind = f->>2 and key = f->>3 and generation = (f->>4)::bigint for update
      ) t on true;
  end if;

  part := batch->'completedRows';
  if part is not null then
    select array_agg((e->>0)::int), array_agg(o.place), array_agg(o.lane_hash), array_agg(e->5)
      into row_ops, row_places, row_hashes, row_handovers
      from jsonb_array_elements(part) e left join lateral (
        select ctid as place, lane_hash from outbox
          where account_id = e->>1 and id = (e->>2)::bigint and (e->>4 is null or consumer = e->>4) for update
      ) o on true;
  end if;

  hashes := row_hashes || (batch->>'orderingHashes')::int[];
  if hashes is not null then
    ${lockOrderingKeys('hashes')};
  end if;

  -- Judge.
  if versions is distinct from (batch->>'readVersions')::bigint[] then
    select coalesce(array_agg((c->>0)::int), '{}') into stale from jsonb_array_elements(batch->'checks') c
      where versions[(c->>1)::int] <> (c->>2)::bigint;
    refused := stale;
  end if;

  part := batch->'keys';
  if part is not null then
    select array_agg((k->>0)::int), jsonb_agg(jsonb_build_array(k->0, k->3)) into some_ops, duplicates
      from jsonb_array_elements(part) k cross join lateral (
        select from message where account_id = k->>1 and request_key = k->>2 limit 1
      ) m
      where (k->>0)::int <> all(refused);
    refused := refused || some_ops;
  end if;

  if array_position(row_places, null) is not null or array_position(timer_places, null) is not null then
    select coalesce(array_agg(op), '{}') into gone from (
      select op, place from unnest(row_ops, row_places) r(op, place)
      union all
      select op, place from unnest(timer_ops, timer_places) t(op, place)
    ) held where place is null and op <> all(refused);
    refused := refused || gone;
  end if;

  -- Do.
  if timer_ops is not null then
    delete from timer where ctid = any(array(
      select place from unnest(timer_ops, timer_places) t(op, place) where op <> all(refused)));
  end if;

  if row_ops is not null then
    for followed in
      with ended as (
        delete from outbox where ctid = any(array(
          select place from unnest(row_ops, row_places, row_handovers) r(op, place, handover)
            where op <> all(refused) and handover is null))
        returning account_id, id, consumer, lane, lane_hash, head
      ) ${rowsBehind('ended')}
    ${goOn}
    if array_remove(row_handovers, null) <> '{}' then
      for followed in
        with handed_over as (
          update outbox o set consumer = r.handover->>0, lane_hash = (r.handover->>1)::int, facts = (o.facts::jsonb || (r.handover->2))::json
            from (
              select place, hash, handover, was from unnest(row_ops, row_places, row_hashes, row_handovers)
                  u(op, place, hash, handover) cross join lateral (select consumer as was from outbox where ctid = place) w
                where op <> all(refused) and handover is not null offset 0
            ) r
            where o.ctid = r.place
            returning o.account_id, o.id, r.was as consumer, o.lane, r.hash as lane_hash, o.head
        ) ${rowsBehind('handed_over')}
      ${goOn}
    end if;
  end if;

  part := batch->'newConversations';
  if part is not null then
    insert into conversation (account_id, conversation_id, version, state, consumer_id, skill_id, stage,
        assigned_agent_id, suggested_agent_id, waiting_since, started_at_ms, updated_at_ms)
      select account, id, 1, state, state->>'consumerId', state->>'skillId', state->>'stage',
          state->>'assignedAgentId', state->'suggestion'->>'userId', (state->>'waitingSince')::bigint,
          (state->>'startedAt')::bigint, (state->>'updatedAt')::bigint
        from (
          select c->>1 as account, c->>2 as id, ${textAt('c', 3)}::jsonb as state
            from jsonb_array_elements(part) c where (c->>0)::int <> all(refused) offset 0
        ) fresh;
  end if;

  part := batch->'conversations';
  if part is not null then
    update conversation c set version = w.version + 1, state = w.state,
        consumer_id = w.state->>'consumerId', skill_id = w.state->>'skillId', stage = w.state->>'stage',
        assigned_agent_id = w.state->>'assignedAgentId', suggested_agent_id = w.state->'suggestion'->>'userId',
        waiting_since = (w.state->>'waitingSince')::bigint, started_at_ms = (w.state->>'startedAt')::bigint,
        updated_at_ms = (w.state->>'updatedAt')::bigint
      from (
        select places[(d->>1)::int] as place, (d->>2)::bigint as version,
            ${textAt('d', 3)}::jsonb as state
          from jsonb_array_elements(part) d where (d->>0)::int <> all(refused) offset 0
      ) w
      where c.ctid = w.place;
  end if;

  part := batch->'newDocuments';
  if part is not null then
    insert into document (account_id, kind, id, version, state)
      select d->>1, d->>2, d->>3, 1, ${textAt('d', 4)}::jsonb
        from jsonb_array_elements(part) d where (d->>0)::int <> all(refused);
  end if;

  part := batch->'documents';
  if part is not null then
    update document c set version = w.version + 1, state = w.state
      from (
        select places[(d->>1)::int] as place, (d->>2)::bigint as version,
            ${textAt('d', 3)}::jsonb as state
          from jsonb_array_elements(part) d where (d->>0)::int <> all(refused) offset 0
      ) w
      where c.ctid = w.place;
  end if;

  part := batch->'messages';
  if part is not null then
    insert into message (account_id, conversation_id, dialog_id, sequence, at, request_key, body)
      select m->>1, m->>2, m->>3, (m->>4)::bigint, to_timestamp((m->>5)::float8 / 1000), m->>6,
          ${textAt('m', 7)}::jsonb
        from jsonb_array_elements(part) m where (m->>0)::int <> all(refused);
  end if;

  part := batch->'outbox';
  if part is not null then
    new_rows := ${insertOutboxRows.name}(node_id, part, texts, refused, domain_now, lease_end);
  end if;

  part := batch->'disarm';
  if part is not null then
    delete from timer where ctid = any(array(
      select t.place from jsonb_array_elements(part) d cross join lateral (
        select ctid as place from timer where account_id = d->>1 and kind = d->>2 and key = d->>3 for update
      ) t where (d->>0)::int <> all(refused)));
  end if;

  part := batch->'arm';
  if part is not null then
    insert into timer (account_id, kind, key, due_at, run_at, facts)
      select t->>1, t->>2, t->>3, to_timestamp((t->>4)::float8 / 1000), to_timestamp((t->>4)::float8 / 1000), t->5
        from jsonb_array_elements(part) t where (t->>0)::int <> all(refused)
      on conflict (account_id, kind, key) do update set
        generation = excluded.generation, due_at = excluded.due_at, run_at = excluded.run_at,
        facts = excluded.facts, first_attempt_at = null, starts = 0, failures = 0,
        leased_by = null, leased_until = null;
  end if;

  part := batch->'invocations';
  if part is not null then
    insert into invocation (${invocationNames})
      select ${invocationValues('i')} from jsonb_array_elements(part) i where (i->>0)::int <> all(refused);
  end if;

  part := batch->'deadLetters';
  if part is not null then
    insert into dead_letter (account_id, source, name, lane, facts, attempts, first_attempt_at, dead_at, cause)
      select d->>1, d->>2, d->>3, d->>4, d->5, (d->>6)::int, to_timestamp((d->>7)::float8 / 1000), domain_now, d->>8
        from jsonb_array_elements(part) d where (d->>0)::int <> all(refused);
  end if;

  -- Last: the only rows that operations of other batches change, too. Nobody who holds one waits for anything else, and no two
  -- connections of a node have the same ones: one would wait until the other's commit is on the disk.
  part := batch->'figures';
  if part is not null then
    insert into figure_minute as sums
        (account_id, minute, channel, skill_id, agent_id, measure, bucket, strand, count, total)
      select f->>1, to_timestamp((f->>2)::float8 / 1000), f->>3, f->>4, f->>5, f->>6, (f->>7)::smallint,
          ((hashtext(node_id) & 15) + (batch->>'connection')::int) & 15, count(*), sum((f->>8)::bigint)
        from jsonb_array_elements(part) f where (f->>0)::int <> all(refused)
        group by 1, 2, 3, 4, 5, 6, 7 order by 1, 2, 3, 4, 5, 6, 7
      on conflict (account_id, minute, channel, skill_id, agent_id, measure, bucket, strand) do update set
        count = sums.count + excluded.count, total = sums.total + excluded.total;
  end if;

  answer := jsonb_build_object('stale', stale, 'gone', gone, 'duplicates', duplicates, 'newRows', new_rows);
  outcomes := answer;
  update commit_lane c set batch = batch_number, outcomes = answer, used_at = clock_timestamp()
    where c.id = connection_id and c.batch < batch_number;
  if not found then
    raise exception 'batch % of connection % was committed already', batch_number, connection_id using errcode = 'PRL01';
  end if;
end
$apply$`,
)
