import type pg from 'pg'

export interface BaseSize {
  /** Conversations in all, and how many of them are open. */
  conversations: number
  open: number
}

const PAGE = 20_000

/**
 * Stores copies of a conversation: opening as many would take an hour. Those that are open have been taken by nobody and wait for
 * nobody; the others ended long ago.
 */
export async function fillBase(
  client: pg.Client,
  { accountId, conversationId }: { accountId: string; conversationId: string },
  { conversations, open }: BaseSize,
): Promise<void> {
  for (let from = 0; from < conversations; from += PAGE) {
    await client.query(
      `insert into conversation (account_id, conversation_id, version, state, consumer_id, skill_id, stage,
          started_at_ms, updated_at_ms)
        select account_id, id, 1,
            (state - 'waitingSince') || jsonb_build_object('conversationId', id, 'consumerId', 'consumer-' || n,
              'startedAt', at, 'updatedAt', at,
              'stage', stage_now, 'state', stage_now) ||
              case stage_now when 'CLOSE' then jsonb_build_object('endedAt', at) else '{}' end,
            'consumer-' || n, skill_id, stage_now, at, at
          from conversation, lateral (
            select n, md5('base' || n)::uuid::text as id, started_at_ms - 60000 - n * 1000::bigint as at,
                case when n < $3 then 'OPEN' else 'CLOSE' end as stage_now
              from generate_series($4::int, $5::int) n
          ) one
          where account_id = $1 and conversation_id = $2`,
      [accountId, conversationId, open, from, Math.min(from + PAGE, conversations) - 1],
    )
  }
  await client.query('analyze conversation')
}
