import { sql } from 'kysely'

/**
 * Applies a batch of operations in one commit. A loop and not one large statement: its plans are stable, and a
 * document may occur in several operations of a batch.
 *
 * `lane_batch` numbers the batches of a lane. A batch that was committed already (its connection broke before
 * the answer came) is recognised by its number, and answered with the outcomes of that time.
 *
 * All locks are taken first, in an order that every node shares: conversations, other documents, outbox lanes. The keys of
 * the JSON are short because they are parsed thousands of times a second; `group-commit.ts` writes them.
 *
 * Outcomes: `a` and the outbox rows (`12+` is the head of its lane, `13-` is not) · `s` stale · `g` gone · `d` and the
 * index of the message that is stored already.
 */
export const applyOperations = sql`
create function apply_operations(
  lane_id text, lane_batch bigint, node_id text, batch jsonb,
  out outcomes text[], out nexts jsonb
) language plpgsql as $apply$
declare
  domain_now constant timestamptz := to_timestamp((batch->>'now')::float8 / 1000);
  lease_end constant timestamptz := clock_timestamp() + interval '5 seconds';
  last_batch bigint;
  versions bigint[] := '{}';
  found_version bigint;
  operation jsonb;
  account text;
  part jsonb;
  item jsonb;
  slot int;
  verdict text;
  ended_consumer text;
  ended_lane text;
  next_row outbox;
  row_id bigint;
  row_head boolean;
  row_run_at timestamptz;
begin
  select c.batch, c.outcomes into last_batch, outcomes from commit_lane c where c.id = lane_id for update;
  if last_batch is null then
    raise exception 'commit lane % is not open', lane_id;
  end if;
  if last_batch >= lane_batch then
    return;
  end if;
  outcomes := '{}';

  part := batch->'docs';
  for i in 0 .. jsonb_array_length(part) - 1 loop
    item := part->i;
    if item->>1 = 'conversation' then
      select version into found_version from conversation
        where account_id = item->>0 and conversation_id = item->>2 for no key update;
    else
      select version into found_version from document
        where account_id = item->>0 and kind = item->>1 and id = item->>2 for no key update;
    end if;
    versions[i + 1] := coalesce(found_version, 0);
  end loop;

  part := batch->'lanes';
  for i in 0 .. jsonb_array_length(part) - 1 loop
    perform pg_advisory_xact_lock(1347570772, (part->>i)::int);
  end loop;

  <<operations>>
  for n in 0 .. jsonb_array_length(batch->'ops') - 1 loop
    operation := batch->'ops'->n;
    account := operation->>'a';

    part := operation->'docs';
    for i in 0 .. jsonb_array_length(part) - 1 loop
      if versions[(part->i->>0)::int] <> (part->i->>1)::bigint then
        outcomes[n + 1] := 's';
        continue operations;
      end if;
    end loop;

    part := operation->'keys';
    if part is not null then
      for i in 0 .. jsonb_array_length(part) - 1 loop
        if exists (select from message where account_id = account and request_key = part->i->>1) then
          outcomes[n + 1] := 'd' || (part->i->>0);
          continue operations;
        end if;
      end loop;
    end if;

    part := operation->'fires';
    if part is not null then
      delete from timer
        where account_id = account and kind = part->>0 and key = part->>1 and generation = (part->>2)::bigint;
      if not found then
        outcomes[n + 1] := 'g';
        continue operations;
      end if;
    end if;

    part := operation->'ends';
    if part is not null then
      delete from outbox where account_id = account and id = (part->>0)::bigint
        returning consumer, lane into ended_consumer, ended_lane;
      if not found then
        outcomes[n + 1] := 'g';
        continue operations;
      end if;
      select * into next_row from outbox
        where account_id = account and consumer = ended_consumer and lane = ended_lane order by id limit 1;
      if next_row.id is not null and not next_row.head then
        if (part->>1)::boolean and next_row.run_at <= domain_now then
          update outbox set head = true, leased_by = node_id, leased_until = lease_end,
              starts = starts + 1, first_attempt_at = domain_now
            where account_id = account and id = next_row.id;
          nexts := coalesce(nexts, '{}') || jsonb_build_object(n::text, jsonb_build_object(
            'id', next_row.id, 'consumer', next_row.consumer, 'lane', next_row.lane, 'facts', next_row.facts,
            'createdAt', extract(epoch from next_row.created_at) * 1000));
        else
          update outbox set head = true where account_id = account and id = next_row.id;
        end if;
      end if;
    end if;

    part := operation->'docs';
    for i in 0 .. jsonb_array_length(part) - 1 loop
      item := part->i;
      continue when item->2 = 'null';
      slot := (item->>0)::int;
      if item->>3 = 'conversation' then
        if versions[slot] = 0 then
          insert into conversation (account_id, conversation_id, version, state)
            values (account, item->>4, 1, item->2);
        else
          update conversation set version = versions[slot] + 1, state = item->2
            where account_id = account and conversation_id = item->>4;
        end if;
      elsif versions[slot] = 0 then
        insert into document (account_id, kind, id, version, state)
          values (account, item->>3, item->>4, 1, item->2);
      else
        update document set version = versions[slot] + 1, state = item->2
          where account_id = account and kind = item->>3 and id = item->>4;
      end if;
      versions[slot] := versions[slot] + 1;
    end loop;

    part := operation->'messages';
    if part is not null then
      for i in 0 .. jsonb_array_length(part) - 1 loop
        item := part->i;
        insert into message (account_id, conversation_id, dialog_id, sequence, at, request_key, body)
          values (account, item->>0, item->>1, (item->>2)::bigint,
            to_timestamp((item->>3)::float8 / 1000), item->>4, item->5);
      end loop;
    end if;

    verdict := 'a';
    part := operation->'outbox';
    if part is not null then
      for i in 0 .. jsonb_array_length(part) - 1 loop
        item := part->i;
        row_run_at := coalesce(to_timestamp((item->>3)::float8 / 1000), domain_now);
        row_head := not exists (
          select from outbox where account_id = account and consumer = item->>0 and lane = item->>1);
        if row_head and (item->>4)::boolean and row_run_at <= domain_now then
          insert into outbox (account_id, consumer, lane, facts, head, run_at, created_at,
              first_attempt_at, starts, leased_by, leased_until)
            values (account, item->>0, item->>1, item->2, true, row_run_at, domain_now,
              domain_now, 1, node_id, lease_end)
            returning id into row_id;
          verdict := verdict || ' ' || row_id || '+';
        else
          insert into outbox (account_id, consumer, lane, facts, head, run_at, created_at)
            values (account, item->>0, item->>1, item->2, row_head, row_run_at, domain_now)
            returning id into row_id;
          verdict := verdict || ' ' || row_id || '-';
        end if;
      end loop;
    end if;

    part := operation->'disarm';
    if part is not null then
      for i in 0 .. jsonb_array_length(part) - 1 loop
        delete from timer where account_id = account and kind = part->i->>0 and key = part->i->>1;
      end loop;
    end if;

    part := operation->'arm';
    if part is not null then
      for i in 0 .. jsonb_array_length(part) - 1 loop
        item := part->i;
        insert into timer (account_id, kind, key, due_at, run_at, facts)
          values (account, item->>0, item->>1, to_timestamp((item->>2)::float8 / 1000),
            to_timestamp((item->>2)::float8 / 1000), item->3)
          on conflict (account_id, kind, key) do update set
            generation = excluded.generation, due_at = excluded.due_at, run_at = excluded.run_at,
            facts = excluded.facts, first_attempt_at = null, starts = 0, failures = 0,
            leased_by = null, leased_until = null;
      end loop;
    end if;

    part := operation->'invocations';
    if part is not null then
      insert into invocation select * from jsonb_populate_recordset(null::invocation, part);
    end if;

    part := operation->'dead';
    if part is not null then
      insert into dead_letter (account_id, source, name, lane, facts, attempts, first_attempt_at, dead_at, cause)
        values (account, part->>'source', part->>'name', part->>'lane', part->'facts', (part->>'attempts')::int,
          to_timestamp((part->>'firstAttemptAt')::float8 / 1000), domain_now, part->>'cause');
    end if;

    outcomes[n + 1] := verdict;
  end loop;

  update commit_lane c set batch = lane_batch, outcomes = apply_operations.outcomes, used_at = clock_timestamp()
    where c.id = lane_id;
end
$apply$`
