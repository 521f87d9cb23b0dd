import { type Kysely, sql } from 'kysely'
import { lockTables } from './lock-tables.ts'

/**
 * The columns of 044, 045, 060 and 062 are set by a trigger. The expression of a generated column is read from its text, planned and
 * set up anew in each statement that writes the table, which costs a commit of a few rows more than the rest of the statement does.
 * A trigger is compiled once for each connection, and nodes of versions before this one need not know of it. Nothing is rewritten.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await lockTables(db, ['conversation', 'document'])
  for (const statement of [
    sql`create function follow_conversation_state() returns trigger language plpgsql as $follow$
      begin
        new.queue_rank := case new.state->'ttr'->>'ttrType' when 'URGENT' then 0 when 'PRIORITIZED' then 1 else 2 end;
        new.closed_at_ms := case when new.state->>'state' = 'CLOSE' then
          jsonb_path_query_first(new.state, '$.dialogs[*] ? (@.type == "MAIN").closedAt') #>> '{}' end;
        return new;
      end
    $follow$`,
    sql`create function follow_document_state() returns trigger language plpgsql as $follow$
      begin
        if new.kind = 'chat' then
          new.list_state := new.state->>'stage';
          new.list_at := new.state->>'startedAt';
          new.list_of := new.state->'context'->>'visitorId';
          -- An index takes no text of any length.
          if length(new.list_of) > 128 then new.list_of := null; end if;
        elsif new.kind = 'mail' then
          new.list_state := new.state->>'state';
          new.list_at := new.state->>'createdAt';
          new.list_of := new.state->>'chatId';
        elsif new.kind = 'survey-run' then
          new.list_at := new.state->>'startedAt';
          new.list_of := new.state->>'conversationId';
        end if;
        return new;
      end
    $follow$`,
    sql`alter table conversation alter column closed_at_ms drop expression if exists,
      alter column queue_rank drop expression if exists`,
    sql`alter table document alter column list_state drop expression if exists,
      alter column list_at drop expression if exists, alter column list_of drop expression if exists`,
    sql`create trigger follow_state before insert or update of state on conversation
      for each row execute function follow_conversation_state()`,
    sql`create trigger follow_state before insert or update of state on document
      for each row execute function follow_document_state()`,
  ]) {
    await statement.execute(db)
  }
}
