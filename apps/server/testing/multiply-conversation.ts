import { sql } from 'kysely'
import type { TestServer } from './start-test-server.ts'

/** Stores copies of a conversation: opening as many would take a test a minute. */
export async function multiplyConversation(
  { context }: TestServer,
  conversationId: string,
  times: number,
): Promise<void> {
  await sql`
    insert into conversation (account_id, conversation_id, version, state, consumer_id, skill_id, stage,
        waiting_since, started_at_ms, updated_at_ms)
      select account_id, id, 1, jsonb_set(state, '{conversationId}', to_jsonb(id)), consumer_id, skill_id, stage,
          waiting_since, started_at_ms, updated_at_ms
        from conversation, lateral (
          select conversation_id || '-' || n as id from generate_series(1, ${times}::int) n
        ) one
        where conversation_id = ${conversationId}`.execute(context.store.db)
}
