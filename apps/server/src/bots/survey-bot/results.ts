import {
  type getSurveyScores,
  MAX_SURVEY_TOTALS,
  SURVEY_SCORE_DAYS,
  type SurveyRun,
  type SurveyTotals,
} from '@parley/contract'
import type * as z from 'zod'
import type { Clock } from '#base/kernel'
import { readInstantCursor, writeCursor } from '#base/kit'
import { localTime, plusDays, startOfDay } from '#identity/settings'
import type { Reader } from '#messaging/reading'
import type { Db, Store } from '#base/store'
import type { SurveyBotDeps } from './deps.ts'
import {
  closedByDay,
  listRuns,
  type RunFilter,
  type Sums,
  sumsBy,
  type SumsBy,
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
    after: page.after === undefined ? undefined : readInstantCursor(page.after),
  })
  const runs = found.slice(0, page.limit)
  const last = runs.at(-1)
  const hasMore = found.length > page.limit
  return { runs, ...(hasMore && last && { next: writeCursor(last.startedAt, last.dialogId) }) }
}

type Day = z.infer<(typeof getSurveyScores)['reply']>['days'][number]

const SCORES_MS = SURVEY_SCORE_DAYS * 24 * 3600_000

/** More than an account keeps; of a longer time, the last ones. */
const MAX_DAYS = 3_700
const DAY_MS = 24 * 3600_000

const NO_SUMS: Omit<Sums, 'key'> = {
  surveys: 0,
  answered: 0,
  completed: 0,
  csatCount: 0,
  csatAverage: null,
  npsCount: 0,
  npsAverage: null,
  npsScore: null,
  fcrCount: 0,
  fcrAverage: null,
}

/** One entry for each day of the account's time zone on which a survey started or a conversation ended. */
export async function readScores(
  { store: { db }, clock, settings }: Pick<SurveyBotDeps, 'store' | 'clock' | 'settings'>,
  accountId: string,
  reader: Reader,
  asked: AskedFilter,
): Promise<{ days: Day[] }> {
  const { timeZone } = await settings.get(accountId)
  const asOfNow = recent(clock, asked)
  const end = Math.min(asOfNow.to ?? Infinity, clock.now() + DAY_MS)
  const filter = { ...asOfNow, from: Math.max(asOfNow.from, end - MAX_DAYS * DAY_MS, 0) }
  // After the last year with four digits there is no next day.
  if (filter.from > end) return { days: [] }
  const days = daysBetween(timeZone, filter.from, end)
  const begins = days.map((day) => day.begins)
  const sums = await sumsBy(db, accountId, reader, filter, {
    by: { days: begins },
    limit: days.length,
  })
  const scores = new Map(sums.map((row) => [Number(row.key), row]))
  const closed = new Map(
    (await closedByDay(db, accountId, reader, filter, begins)).map((row) => [row.day, row.closed]),
  )
  return {
    days: days.flatMap(({ date }, at) => {
      const [row, ended] = [scores.get(at + 1), closed.get(at + 1)]
      return row || ended ? [dayOf(date, row ?? NO_SUMS, ended ?? 0)] : []
    }),
  }
}

/** All dates that this time has a part of, and when they begin. */
function daysBetween(timeZone: string, from: number, to: number) {
  const days: { date: string; begins: number }[] = []
  let { date } = localTime(timeZone, from)
  let begins = startOfDay(timeZone, date)
  do {
    days.push({ date, begins })
    date = plusDays(date, 1)
    begins = startOfDay(timeZone, date)
  } while (begins <= to)
  return days
}

/** Those with the most surveys first. */
export async function readTotals(
  { store: { db }, clock }: { store: Store; clock: Clock },
  accountId: string,
  reader: Reader,
  { by, ...asked }: AskedFilter & { by: Extract<SumsBy, string> },
): Promise<{ totals: SurveyTotals[] }> {
  const filter = recent(clock, asked)
  const sums = await sumsBy(db, accountId, reader, filter, { by, limit: MAX_SURVEY_TOTALS })
  return {
    totals: sums.map((row) => ({ key: row.key, answered: row.answered, ...totalsOf(row) })),
  }
}

/** Without a start, the last days only. */
function recent(clock: Clock, asked: AskedFilter): RunFilter & { from: number } {
  const given = filterOf(asked)
  return { ...given, from: given.from ?? (given.to ?? clock.now()) - SCORES_MS }
}

function dayOf(day: string, row: Omit<Sums, 'key'>, closedConversations: number): Day {
  return {
    day,
    closedConversations,
    ...(closedConversations > 0 && { surveyedShare: row.surveys / closedConversations }),
    ...totalsOf(row),
  }
}

function totalsOf(row: Omit<Sums, 'key'>): Omit<SurveyTotals, 'key' | 'answered'> {
  const { surveys, completed, npsScore } = row
  return {
    surveys,
    completed,
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
