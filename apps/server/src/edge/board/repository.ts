import type { FigureChannel, FigureMeasure, IdleKind, TtrType } from '@parley/contract'
import { sql } from 'kysely'
import type * as z from 'zod'
import type { Db } from '#base/store'
import { CHAT } from '#chat/live-chat'

/** What the board shows of an open conversation. */
export interface OpenConversation {
  conversationId: string
  consumerId: string
  skillId: string
  agentId: string | null
  startedAt: number
  waitingSince: number | null
  unansweredSince: number | null
  /** When an answer is due. */
  dueAt: number
  ttrType: z.infer<typeof TtrType>
  servedByBot: boolean | null
  idle: Partial<Record<z.infer<typeof IdleKind>, { since: number; fired: number }>>
}

/** Conversations whose main dialog is open, as many as `limit`. */
export async function listOpenConversations(
  db: Db,
  accountId: string,
  limit: number,
): Promise<OpenConversation[]> {
  const { rows } = await sql<OpenConversation>`
    select conversation_id, consumer_id, skill_id, assigned_agent_id as agent_id, started_at_ms as started_at, waiting_since,
        x."unansweredSince" as unanswered_since, x."effectiveTtr" as due_at, x.ttr->>'ttrType' as ttr_type,
        x."servedByBot" as served_by_bot, x.idle
      from conversation, jsonb_to_record(state) as x(state text, "unansweredSince" bigint, "effectiveTtr" bigint,
        ttr jsonb, "servedByBot" boolean, idle jsonb)
      where account_id = ${accountId} and stage = 'OPEN' and x.state = 'OPEN'
      limit ${limit}`.execute(db)
  return rows
}

/** How many conversations and live chats wait, by skill: those in which any do. */
export async function countWaitingBySkill(
  db: Db,
  accountId: string,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ skillId: string; waiting: number }>`
    select skill_id, count(*)::int as waiting from (
      select skill_id from conversation where account_id = ${accountId} and waiting_since is not null
      union all
      select state->>'skillId' from document
        where account_id = ${accountId} and kind = ${CHAT} and list_state = 'waiting') as one
      group by skill_id`.execute(db)
  return new Map(rows.map(({ skillId, waiting }) => [skillId, waiting]))
}

/** Sums of one measure and one class of values. */
export interface SummedFigure {
  key: string
  measure: FigureMeasure
  bucket: number
  count: number
  total: number
}

const KEYS = {
  skill: sql`skill_id`,
  agent: sql`agent_id`,
  hour: sql`to_char(date_trunc('hour', minute at time zone 'UTC'), 'YYYY-MM-DD"T"HH24:00:00.000"Z"')`,
}

export interface FiguresQuery {
  from: Date
  /** Exclusive. */
  to: Date
  by: keyof typeof KEYS
  channel?: FigureChannel | undefined
}

/** What was counted in the minutes of a window. */
export async function sumFigures(
  db: Db,
  accountId: string,
  { from, to, by, channel }: FiguresQuery,
): Promise<SummedFigure[]> {
  const ofChannel = channel === undefined ? sql`` : sql`and channel = ${channel}`
  const { rows } = await sql<SummedFigure>`
    select ${KEYS[by]} as key, measure, bucket, sum(count)::int8 as count, sum(total)::float8 as total
      from figure_minute
      where account_id = ${accountId} and minute >= ${from} and minute < ${to} ${ofChannel}
      group by 1, 2, 3`.execute(db)
  return rows
}
