import { sql } from 'kysely'

/**
 * The function of migration 001, which nodes of version 0.1.0 call: frozen with it. The function of today is
 * `procedures/apply-operations.ts`.
 */
export const applyOperations = sql`
create function apply_operations(
  lane_id text, lane_batch bigint, node_id text, batch jsonb,
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
  lanes int[] := '{}';
  followed record;
  some_ops int[];
  refused int[] := '{}';
  stale int[] := '{}';
  gone int[] := '{}';
  twice jsonb;
  born jsonb;
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

  part := batch->'fires';
  if part is not null then
    select array_agg((f->>0)::int), array_agg(t.place) into timer_ops, timer_places
      from jsonb_array_elements(part) f left join lateral (
        select ctid as place from timer
          where account_id = f->>1 and kind = f->>2 and key = f->>3 and generation = (f->>4)::bigint for update
      ) t on true;
  end if;

  part := batch->'ends';
  if part is not null then
    select array_agg((e->>0)::int), array_agg(o.place), array_agg(o.lane_hash) into row_ops, row_places, row_hashes
      from jsonb_array_elements(part) e left join lateral (
        select ctid as place, lane_hash from outbox where account_id = e->>1 and id = (e->>2)::bigint for update
      ) o on true;
    lanes := row_hashes;
  end if;

  part := batch->'lanes';
  if part is not null then
    select lanes || array_agg(l::int) into lanes from jsonb_array_elements_text(part) l;
  end if;
  if lanes <> '{}' then
    perform pg_advisory_xact_lock(1347570772, lane) from (
      select distinct lane from unnest(lanes) lane where lane is not null order by lane
    ) sorted;
  end if;

  -- Judge.
  part := batch->'checks';
  if part is not null then
    select coalesce(array_agg((c->>0)::int), '{}') into stale from jsonb_array_elements(part) c
      where versions[(c->>1)::int] <> (c->>2)::bigint;
    refused := stale;
  end if;

  part := batch->'keys';
  if part is not null then
    select array_agg((k->>0)::int), jsonb_agg(jsonb_build_array(k->0, k->3)) into some_ops, twice
      from jsonb_array_elements(part) k cross join lateral (
        select from message where account_id = k->>1 and request_key = k->>2 limit 1
      ) m
      where (k->>0)::int <> all(refused);
    refused := refused || some_ops;
  end if;

  if row_ops is not null or timer_ops is not null then
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
          select place from unnest(row_ops, row_places) r(op, place) where op <> all(refused)))
        returning account_id, id, consumer, lane, lane_hash, head
      )
      select ended.id as ended_id, n.* from ended cross join lateral (
        select o.account_id, o.id, o.consumer, o.lane, o.facts, o.run_at, o.created_at from outbox o
          where o.lane_hash = ended.lane_hash and o.id > ended.id and o.consumer = ended.consumer
            and o.lane = ended.lane and (o.account_id = ended.account_id) is true
          order by o.id limit 1
      ) n where ended.head
    loop
      select e into part from jsonb_array_elements(batch->'ends') e where (e->>2)::bigint = followed.ended_id;
      if (part->>3)::boolean and followed.run_at <= domain_now then
        update outbox set head = true, starts = starts + 1, first_attempt_at = domain_now,
            leased_by = node_id, leased_until = lease_end
          where account_id = followed.account_id and id = followed.id;
        nexts := coalesce(nexts, '{}') || jsonb_build_object(part->>0, jsonb_build_object(
          'id', followed.id, 'consumer', followed.consumer, 'lane', followed.lane, 'facts', followed.facts,
          'createdAt', extract(epoch from followed.created_at) * 1000));
      else
        update outbox set head = true where account_id = followed.account_id and id = followed.id;
      end if;
    end loop;
  end if;

  part := batch->'newConversations';
  if part is not null then
    insert into conversation (account_id, conversation_id, version, state, consumer_id, skill_id, stage,
        assigned_agent_id, suggested_agent_id, waiting_since, started_at_ms, updated_at_ms)
      select account, id, 1, state, state->>'consumerId', state->>'skillId', state->>'stage',
          state->>'assignedAgentId', state->'suggestion'->>'userId', (state->>'waitingSince')::bigint,
          (state->>'startedAt')::bigint, (state->>'updatedAt')::bigint
        from (
          select c->>1 as account, c->>2 as id, c->3 as state from jsonb_array_elements(part) c
            where (c->>0)::int <> all(refused) offset 0
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
        select places[(d->>1)::int] as place, (d->>2)::bigint as version, d->3 as state
          from jsonb_array_elements(part) d where (d->>0)::int <> all(refused) offset 0
      ) w
      where c.ctid = w.place;
  end if;

  part := batch->'newDocuments';
  if part is not null then
    insert into document (account_id, kind, id, version, state)
      select d->>1, d->>2, d->>3, 1, d->4 from jsonb_array_elements(part) d where (d->>0)::int <> all(refused);
  end if;

  part := batch->'documents';
  if part is not null then
    update document c set version = w.version + 1, state = w.state
      from (
        select places[(d->>1)::int] as place, (d->>2)::bigint as version, d->3 as state
          from jsonb_array_elements(part) d where (d->>0)::int <> all(refused) offset 0
      ) w
      where c.ctid = w.place;
  end if;

  part := batch->'messages';
  if part is not null then
    insert into message (account_id, conversation_id, dialog_id, sequence, at, request_key, body)
      select m->>1, m->>2, m->>3, (m->>4)::bigint, to_timestamp((m->>5)::float8 / 1000), m->>6, m->7
        from jsonb_array_elements(part) m where (m->>0)::int <> all(refused);
  end if;

  part := batch->'outbox';
  if part is not null then
    with fresh as materialized (
      select nextval('outbox_id') as id, op, account, consumer, lane, hash, facts, run_at, head,
          head and wanted and run_at <= domain_now as runs
        from (
          select (r->>0)::int as op, r->>1 as account, r->>2 as consumer, r->>3 as lane, (r->>4)::int as hash,
              r->5 as facts, coalesce(to_timestamp((r->>6)::float8 / 1000), domain_now) as run_at,
              (r->>7)::boolean as wanted,
              (r->>8)::boolean and not exists (
                select from outbox o where o.lane_hash = (r->>4)::int and o.consumer = r->>2 and o.lane = r->>3
                  and (o.account_id = r->>1) is true offset 0
              ) as head
            from jsonb_array_elements(part) r where (r->>0)::int <> all(refused) offset 0
        ) row
    ), put as (
      insert into outbox (account_id, id, consumer, lane, lane_hash, facts, head, run_at, created_at,
          first_attempt_at, starts, leased_by, leased_until)
        select account, id, consumer, lane, hash, facts, head, run_at, domain_now,
            case when runs then domain_now end, runs::int, case when runs then node_id end,
            case when runs then lease_end end
          from fresh
    )
    select jsonb_agg(jsonb_build_array(op, id, runs) order by id) into born from fresh;
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
    insert into invocation select head.* from jsonb_array_elements(part) i,
        lateral jsonb_populate_record(null::invocation, i->1) head
      where (i->>0)::int <> all(refused);
  end if;

  part := batch->'deadLetters';
  if part is not null then
    insert into dead_letter (account_id, source, name, lane, facts, attempts, first_attempt_at, dead_at, cause)
      select d->>1, d->>2, d->>3, d->>4, d->5, (d->>6)::int, to_timestamp((d->>7)::float8 / 1000), domain_now, d->>8
        from jsonb_array_elements(part) d where (d->>0)::int <> all(refused);
  end if;

  outcomes := jsonb_build_object('stale', stale, 'gone', gone, 'twice', twice, 'born', born);
  update commit_lane c set batch = lane_batch, outcomes = apply_operations.outcomes, used_at = clock_timestamp()
    where c.id = lane_id and c.batch < lane_batch;
  if not found then
    raise exception 'batch % of lane % was committed already', lane_batch, lane_id using errcode = 'PRL01';
  end if;
end
$apply$`
