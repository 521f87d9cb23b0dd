import { type getSurveyScores, SURVEY_SCORE_DAYS, type SurveyRun } from '@parley/contract'
import type { z } from 'zod'
import { type Clock, ParleyError } from '#base/kernel'
import type { Reader } from '#messaging/reading'
import type { Db, Store } from '#base/store'
import {
  closedByDay,
  type DayScores,
  listRuns,
  type RunCursor,
  type RunFilter,
  scoresByDay,
} from './runs-repository.ts'

/** A filter as it arrives: instants as text. */
export type AskedFilter = Omit<RunFilter, 'from' | 'to'> & {
  from?: string | undefined
  to?: string | undefined
}

export async function readRuns(
  db: Db,
  accountId: string,
  reader: Reader,
  asked: AskedFilter,
  page: { limit: number; after?: string | undefined },
): Promise<{ runs: SurveyRun[]; next?: string }> {
  const found = await listRuns(db, accountId, reader, filterOf(asked), {
    limit: page.limit + 1,
    after: page.after === undefined ? undefined : readCursor(page.after),
  })
  const runs = found.slice(0, page.limit)
  const last = runs.at(-1)
  const hasMore = found.length > page.limit
  return { runs, ...(hasMore && last && { next: `${last.startedAt}.${last.dialogId}` }) }
}

type Day = z.infer<(typeof getSurveyScores)['reply']>['days'][number]

const SCORES_MS = SURVEY_SCORE_DAYS * 24 * 3600_000

const NO_SCORES: Omit<DayScores, 'day'> = {
  surveys: 0,
  completed: 0,
  csatCount: 0,
  csatAverage: null,
  npsCount: 0,
  npsAverage: null,
  npsScore: null,
  fcrCount: 0,
  fcrAverage: null,
}

/** One entry for each day on which a survey started or a conversation ended. */
export async function readScores(
  { store: { db }, clock }: { store: Store; clock: Clock },
  accountId: string,
  reader: Reader,
  asked: AskedFilter,
): Promise<{ days: Day[] }> {
  const given = filterOf(asked)
  const filter = { ...given, from: given.from ?? (given.to ?? clock.now()) - SCORES_MS }
  const scores = new Map(
    (await scoresByDay(db, accountId, reader, filter)).map((row) => [row.day, row]),
  )
  const closed = new Map(
    (await closedByDay(db, accountId, reader, filter)).map((row) => [row.day, row.closed]),
  )
  const days = [...new Set([...scores.keys(), ...closed.keys()])].toSorted()
  return {
    days: days.map((day) => dayOf(day, scores.get(day) ?? NO_SCORES, closed.get(day) ?? 0)),
  }
}

function dayOf(day: string, row: Omit<DayScores, 'day'>, closedConversations: number): Day {
  const { surveys, completed, npsScore } = row
  return {
    day,
    surveys,
    completed,
    closedConversations,
    ...(closedConversations > 0 && { surveyedShare: surveys / closedConversations }),
    csat: scoresOf(row.csatCount, row.csatAverage),
    nps: {
      ...scoresOf(row.npsCount, row.npsAverage),
      ...(npsScore !== null && { score: npsScore }),
    },
    fcr: scoresOf(row.fcrCount, row.fcrAverage),
  }
}

function scoresOf(count: number, average: number | null): Day['csat'] {
  return { count, ...(average !== null && { average }) }
}

export function filterOf({ from, to, ...rest }: AskedFilter): RunFilter {
  return {
    ...rest,
    ...(from !== undefined && { from: Date.parse(from) }),
    ...(to !== undefined && { to: Date.parse(to) }),
  }
}

function readCursor(cursor: string): RunCursor {
  const [, ms, dialogId] = /^(\d{1,15})\.(.{1,64})$/.exec(cursor) ?? []
  if (ms === undefined || dialogId === undefined) {
    throw new ParleyError('invalid_request', 'query.after: must be the `next` of another page')
  }
  return { startedAt: Number(ms), dialogId }
}
