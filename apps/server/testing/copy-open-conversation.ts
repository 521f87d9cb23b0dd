import { sql } from 'kysely'
import type { TestServer } from './start-test-server.ts'

/** Stores copies of an open conversation with its agent and its messages: nobody could open so many in a test. */
export async function copyOpenConversation(
  { context }: Pick<TestServer, 'context'>,
  conversationId: string,
  times: number,
): Promise<void> {
  const { db } = context.store
  const copies = sql`lateral (select ${conversationId} || '-' || n as copy from generate_series(1, ${times}::int) n) one`
  await sql`
    insert into conversation (account_id, conversation_id, version, state, consumer_id, skill_id, stage,
        assigned_agent_id, started_at_ms, updated_at_ms)
      select account_id, copy, 1, replace(state::text, conversation_id, copy)::jsonb, consumer_id, skill_id, stage,
          assigned_agent_id, started_at_ms, updated_at_ms
        from conversation, ${copies}
        where conversation_id = ${conversationId}`.execute(db)
  await sql`
    insert into message (account_id, conversation_id, dialog_id, sequence, at, body)
      select account_id, copy, copy, sequence, at, replace(body::text, conversation_id, copy)::jsonb
        from message, ${copies}
        where conversation_id = ${conversationId} and dialog_id = ${conversationId}`.execute(db)
}
