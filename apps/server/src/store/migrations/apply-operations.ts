import { sql } from 'kysely'

/**
 * Applies a batch of operations in one commit, table by table, so that a statement is set up once and not once per
 * operation. The operations of a batch have nothing in common that one of them changes: `group-commit.ts` sees to that.
 *
 * Every row begins with the number of its operation, as `encode-batch.ts` writes it. An operation is refused as a whole: its
 * checks come first, then what may be gone, then what it does.
 *
 * All locks are taken in an order that every node shares: conversations, other documents, outbox lanes. Lanes are looked
 * up by their hash alone, with the account where no index can serve it: nobody knows the size of a table that is mostly
 * empty, and the wrong index would be walked from end to end.
 *
 * A batch is committed once, whoever sends it again: its number is written with it, and must be higher than the last.
 */
export const applyOperations = sql`
create function apply_operations(
  lane_id text, lane_batch bigint, node_id text, batch jsonb,
  out outcomes jsonb, out nexts jsonb
) language plpgsql as $apply$
declare
  domain_now constant timestamptz := to_timestamp((batch->>'now')::float8 / 1000);
  lease_end constant timestamptz := clock_timestamp() + interval '5 seconds';
  versions bigint[] := array_fill(0::bigint, array[(batch->>'slots')::int]);
  locked record;
  part jsonb;
  listed int[];
  refused int[] := '{}';
  stale int[];
  gone int[] := '{}';
  twice jsonb;
  born jsonb;
begin
  part := batch->'lockConversations';
  if part is not null then
    for locked in
      select (k->>0)::int as slot, c.version from jsonb_array_elements(part) k
        join conversation c on c.account_id = k->>1 and c.conversation_id = k->>2
        order by (k->>0)::int for no key update of c
    loop
      versions[locked.slot] := locked.version;
    end loop;
  end if;

  part := batch->'lockDocuments';
  if part is not null then
    for locked in
      select (k->>0)::int as slot, d.version from jsonb_array_elements(part) k
        join document d on d.account_id = k->>1 and d.kind = k->>2 and d.id = k->>3
        order by (k->>0)::int for no key update of d
    loop
      versions[locked.slot] := locked.version;
    end loop;
  end if;

  if batch ? 'lanes' or batch ? 'ends' then
    perform pg_advisory_xact_lock(1347570772, lane) from (
      select lane::int from jsonb_array_elements_text(batch->'lanes') lane
      union
      select o.lane_hash from jsonb_array_elements(batch->'ends') e
        join outbox o on o.account_id = e->>1 and o.id = (e->>2)::bigint
      order by 1
    ) lanes;
  end if;

  part := batch->'checks';
  if part is not null then
    select array_agg((c->>0)::int) into stale from jsonb_array_elements(part) c
      where versions[(c->>1)::int] <> (c->>2)::bigint;
    refused := refused || coalesce(stale, '{}');
  end if;

  part := batch->'keys';
  if part is not null then
    select array_agg((k->>0)::int), jsonb_agg(jsonb_build_array(k->0, k->3)) into listed, twice
      from jsonb_array_elements(part) k
      join message m on m.account_id = k->>1 and m.request_key = k->>2
      where (k->>0)::int <> all(refused);
    refused := refused || coalesce(listed, '{}');
  end if;

  part := batch->'fires';
  if part is not null then
    with fired as (
      delete from timer t using jsonb_array_elements(part) f
        where t.account_id = f->>1 and t.kind = f->>2 and t.key = f->>3
          and t.generation = (f->>4)::bigint and (f->>0)::int <> all(refused)
        returning (f->>0)::int as op
    )
    select array_agg((f->>0)::int) into listed from jsonb_array_elements(part) f
      where (f->>0)::int not in (select op from fired) and (f->>0)::int <> all(refused);
    gone := gone || coalesce(listed, '{}');
  end if;

  part := batch->'ends';
  if part is not null then
    with ended as (
      delete from outbox o using jsonb_array_elements(part) e
        where o.account_id = e->>1 and o.id = (e->>2)::bigint and (e->>0)::int <> all(refused)
        returning (e->>0)::int as op, (e->>3)::boolean as take, o.account_id, o.id, o.consumer, o.lane, o.lane_hash, o.head
    ), promoted as (
      update outbox o set head = true, starts = o.starts + n.runs::int,
          leased_by = case when n.runs then node_id end, leased_until = case when n.runs then lease_end end,
          first_attempt_at = case when n.runs then domain_now end
        from ended e, lateral (
          select w.account_id, w.id, e.take and w.run_at <= domain_now as runs from outbox w
            where w.lane_hash = e.lane_hash and w.consumer = e.consumer and w.lane = e.lane
              and (w.account_id = e.account_id) is true and w.id > e.id
              and not exists (select from jsonb_array_elements(part) x where (x->>2)::bigint = w.id)
            order by w.id limit 1
        ) n
        where e.head and o.account_id = n.account_id and o.id = n.id and not o.head
        returning e.op, n.runs, o.id, o.consumer, o.lane, o.facts, extract(epoch from o.created_at) * 1000 as created
    )
    select
      (select array_agg((e->>0)::int) from jsonb_array_elements(part) e
        where (e->>0)::int not in (select op from ended) and (e->>0)::int <> all(refused)),
      (select jsonb_object_agg(op, jsonb_build_object(
          'id', id, 'consumer', consumer, 'lane', lane, 'facts', facts, 'createdAt', created))
        from promoted where runs)
      into listed, nexts;
    gone := gone || coalesce(listed, '{}');
  end if;
  refused := refused || gone;

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
        select c->>1 as account, c->>2 as id, (c->>3)::bigint as version, c->4 as state
          from jsonb_array_elements(part) c where (c->>0)::int <> all(refused) offset 0
      ) w
      where c.account_id = w.account and c.conversation_id = w.id;
  end if;

  part := batch->'newDocuments';
  if part is not null then
    insert into document (account_id, kind, id, version, state)
      select d->>1, d->>2, d->>3, 1, d->4 from jsonb_array_elements(part) d where (d->>0)::int <> all(refused);
  end if;

  part := batch->'documents';
  if part is not null then
    update document d set version = (w->>4)::bigint + 1, state = w->5 from jsonb_array_elements(part) w
      where d.account_id = w->>1 and d.kind = w->>2 and d.id = w->>3 and (w->>0)::int <> all(refused);
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
                  and (o.account_id = r->>1) is true
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
    delete from timer t using jsonb_array_elements(part) d
      where t.account_id = d->>1 and t.kind = d->>2 and t.key = d->>3 and (d->>0)::int <> all(refused);
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
