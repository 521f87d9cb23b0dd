import { SurveyRun } from '@parley/contract'
import { sql } from 'kysely'
import type { Db } from '#base/store'
import { type Reader, whereMaySee, whereOfSeenConversation } from '#messaging/reading'
import { RUN } from './repository.ts'

export interface RunFilter {
  from?: number | undefined
  to?: number | undefined
  surveyId?: number | undefined
  revision?: number | undefined
  skillId?: string | undefined
  agentId?: string | undefined
  conversationId?: string | undefined
}

/** The newest first, below the cursor, as far as the reader may see their conversations. */
export async function listRuns(
  db: Db,
  accountId: string,
  reader: Reader,
  filter: RunFilter,
  page: { limit: number; after?: { at: number; id: string } | undefined },
): Promise<SurveyRun[]> {
  const { after } = page
  let query = db
    .selectFrom('document')
    .select('state')
    .where('accountId', '=', accountId)
    .where('kind', '=', RUN)
    .where('listAt', 'is not', null)
    .where(matches(filter))
    .where(isSeen(reader))
  if (after) {
    query = query.where(sql<boolean>`(list_at, id) < (${after.at}::bigint, ${after.id})`)
  }
  const rows = await query
    .orderBy('listAt', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute()
  return rows.map(({ state }) => SurveyRun.parse(state))
}

/** Of all these conversations, the newest first. */
export async function listRunsOf(
  db: Db,
  accountId: string,
  conversationIds: readonly string[],
): Promise<SurveyRun[]> {
  if (conversationIds.length === 0) return []
  const rows = await db
    .selectFrom('document')
    .select('state')
    .where('accountId', '=', accountId)
    .where('kind', '=', RUN)
    .where('listOf', 'in', [...conversationIds])
    .orderBy('listAt', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map(({ state }) => SurveyRun.parse(state))
}

/** By what surveys are summed. */
const KEYS = {
  survey: sql`state->>'surveyId'`,
  skill: sql`state->>'skillId'`,
  agent: sql`coalesce(state->'agent'->>'userId', '')`,
}
/** `days` are their beginnings in order: the key is the number of the one on which the survey started, from 1. */
export type SumsBy = keyof typeof KEYS | { days: readonly number[] }

export interface Sums {
  key: string
  surveys: number
  answered: number
  completed: number
  csatCount: number
  csatAverage: number | null
  npsCount: number
  npsAverage: number | null
  npsScore: number | null
  fcrCount: number
  fcrAverage: number | null
}

/** Sums by survey, skill, agent or day: those with the most surveys. */
export async function sumsBy(
  db: Db,
  accountId: string,
  reader: Reader,
  filter: RunFilter,
  { by, limit }: { by: SumsBy; limit: number },
): Promise<Sums[]> {
  const { rows } = await sql<Sums>`
    with run as (
      select ${typeof by === 'string' ? KEYS[by] : sql`${dayOf(sql`list_at`, by.days)}::text`} as key, state from document
      where account_id = ${accountId} and kind = ${RUN} and ${matches(filter)} and ${isSeen(reader)}
    ), answer as (
      select key, entry->>'kind' as kind, (entry->>'score')::numeric as score
      from run left join lateral jsonb_array_elements(state->'answers') as entry on true
    ), sums as (
      select key,
        count(score) filter (where kind = 'CSAT')::int as csat_count,
        (avg(score) filter (where kind = 'CSAT'))::float8 as csat_average,
        count(score) filter (where kind = 'NPS')::int as nps_count,
        (avg(score) filter (where kind = 'NPS'))::float8 as nps_average,
        (100 * avg(case when score >= 9 then 1 when score <= 6 then -1 else 0 end)
          filter (where kind = 'NPS' and score is not null))::float8 as nps_score,
        count(score) filter (where kind = 'FCR')::int as fcr_count,
        (avg(score) filter (where kind = 'FCR'))::float8 as fcr_average
      from answer group by 1
    ), counts as (
      select key, count(*)::int as surveys,
        (count(*) filter (where state->'answers' @> '[{"skipped": false}]'))::int as answered,
        (count(*) filter (where state->>'outcome' = 'completed'))::int as completed
      from run group by 1
    )
    select * from counts join sums using (key) order by surveys desc, key limit ${limit}`.execute(
    db,
  )
  return rows
}

/** How many conversations of the filter's skill and agent ended on each of the days that begin then; `day` counts from 1. */
export async function closedByDay(
  db: Db,
  accountId: string,
  reader: Reader,
  { from, to, skillId, agentId }: RunFilter,
  days: readonly number[],
): Promise<{ day: number; closed: number }[]> {
  const conditions = [
    sql`account_id = ${accountId}`,
    sql`closed_at_ms is not null`,
    whereMaySee(reader),
    ...(from === undefined ? [] : [sql`closed_at_ms >= ${from}`]),
    ...(to === undefined ? [] : [sql`closed_at_ms < ${to}`]),
    ...(skillId === undefined ? [] : [sql`skill_id = ${skillId}`]),
    ...(agentId === undefined
      ? []
      : [
          sql`exists (select from jsonb_array_elements(state->'dialogs') as dialog,
            jsonb_array_elements(dialog->'participants') as participant
            where dialog->>'type' = 'MAIN' and participant->>'userId' = ${agentId})`,
        ]),
  ]
  const { rows } = await sql<{ day: number; closed: number }>`
    select ${dayOf(sql`closed_at_ms`, days)} as day, count(*)::int as closed
    from conversation where ${sql.join(conditions, sql` and `)} group by 1 order by 1`.execute(db)
  return rows
}

function isSeen(reader: Reader) {
  return whereOfSeenConversation(reader, {
    accountId: sql`document.account_id`,
    conversationId: sql`document.list_of`,
  })
}

function matches(filter: RunFilter) {
  const conditions = [
    ...(filter.from === undefined ? [] : [sql`list_at >= ${filter.from}::bigint`]),
    ...(filter.to === undefined ? [] : [sql`list_at < ${filter.to}::bigint`]),
    ...(filter.surveyId === undefined
      ? []
      : [sql`(state->>'surveyId')::bigint = ${filter.surveyId}`]),
    ...(filter.revision === undefined ? [] : [sql`(state->>'revision')::int = ${filter.revision}`]),
    ...(filter.skillId === undefined ? [] : [sql`state->>'skillId' = ${filter.skillId}`]),
    ...(filter.agentId === undefined ? [] : [sql`state->'agent'->>'userId' = ${filter.agentId}`]),
    ...(filter.conversationId === undefined ? [] : [sql`list_of = ${filter.conversationId}`]),
  ]
  return conditions.length === 0
    ? sql<boolean>`true`
    : sql<boolean>`(${sql.join(conditions, sql` and `)})`
}

function dayOf(ms: ReturnType<typeof sql>, days: readonly number[]) {
  return sql`width_bucket((${ms})::bigint, ${sql.val(days)}::bigint[])`
}
