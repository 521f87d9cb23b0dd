import { sql } from 'kysely'
import type { TestServer } from './start-test-server.ts'

/** Puts `times` copies of the newest text behind the messages of a conversation, numbered in their texts: to send them would take a minute. */
export async function multiplyMessages(
  { context }: Pick<TestServer, 'context'>,
  conversationId: string,
  times: number,
): Promise<void> {
  await context.store.db.transaction().execute(async (db) => {
    // What is said meanwhile waits: a page that reports a message as read would take a number of the copies.
    await sql`select from conversation where conversation_id = ${conversationId} for update`.execute(
      db,
    )
    await sql`
      insert into message (account_id, conversation_id, dialog_id, sequence, at, body)
        select account_id, conversation_id, dialog_id, last + n, at,
            jsonb_set(body, '{event,message}', to_jsonb('Line ' || n || ' of many'))
          from (
            select *, max(sequence) over () as last from message where conversation_id = ${conversationId}
              order by body #>> '{event,type}' = 'ContentEvent' desc, sequence desc limit 1
          ) newest, generate_series(1, ${times}::int) n`.execute(db)
    await sql`
      update conversation set version = version + 1, state = jsonb_set(
          jsonb_set(state, '{dialogs,0,nextSequence}', to_jsonb((state #>> '{dialogs,0,nextSequence}')::int + ${times}::int)),
          '{lastContentPlace,sequence}', to_jsonb((state #>> '{dialogs,0,nextSequence}')::int + ${times}::int - 1))
        where conversation_id = ${conversationId}`.execute(db)
  })
}
