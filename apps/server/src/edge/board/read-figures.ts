import type { Durations, FigureMeasure, FigureRow, getFigures } from '@parley/contract'
import type * as z from 'zod'
import { invalid } from '#base/kernel'
import { percentileOf } from '#messaging/figures'
import type { BoardDeps } from './deps.ts'
import { type SummedFigure, sumFigures } from './repository.ts'

const MAX_SPAN_MS = 31 * 86_400_000

export type Figures = z.output<typeof getFigures.reply>

/** Sums of what was counted minute by minute: however many conversations there were, none of them is read. */
export async function readFigures(
  { store, clock }: BoardDeps,
  accountId: string,
  { from, to, by, channel }: z.output<typeof getFigures.query>,
): Promise<Figures> {
  const begin = Date.parse(from)
  const end = to === undefined ? clock.now() + 1 : Date.parse(to)
  if (begin > end) throw invalid('query.from', 'must not be after the end')
  if (end - begin > MAX_SPAN_MS)
    throw invalid('query.from', 'must be at most 31 days before the end')
  const query = { from: new Date(begin), to: new Date(end), by, channel }
  const figures = await sumFigures(store.db, accountId, query)
  const byKey = Map.groupBy(figures, ({ key }) => key)
  return {
    from: query.from.toISOString(),
    to: query.to.toISOString(),
    rows: [...byKey]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, some]) => ({ ...(key !== '' && { key }), ...rowOf(some) })),
    total: rowOf(figures),
  }
}

function rowOf(figures: readonly SummedFigure[]): FigureRow {
  const of = (measure: FigureMeasure) => figures.filter((one) => one.measure === measure)
  const count = (measure: FigureMeasure) => sumOf(of(measure)).count
  const { count: ratings, total } = sumOf(of('satisfaction'))
  return {
    opened: count('opened'),
    closed: count('closed'),
    transferred: count('transferred'),
    answeredByPerson: count('answeredByPerson'),
    answeredByBot: count('answeredByBot'),
    answeredByFunction: count('answeredByFunction'),
    closedWithoutPerson: count('closedWithoutPerson'),
    firstAnswer: durationsOf(of('firstAnswer')),
    handled: durationsOf(of('handled')),
    satisfaction: { count: ratings, ...(ratings > 0 && { average: total / ratings }) },
  }
}

function durationsOf(figures: readonly SummedFigure[]): Durations {
  const { count, total } = sumOf(figures)
  if (count === 0) return { count }
  const counts = new Map<number, number>()
  for (const one of figures) counts.set(one.bucket, (counts.get(one.bucket) ?? 0) + one.count)
  return {
    count,
    averageMs: total / count,
    medianMs: percentileOf(counts, 0.5),
    p90Ms: percentileOf(counts, 0.9),
  }
}

function sumOf(figures: readonly SummedFigure[]): { count: number; total: number } {
  let [count, total] = [0, 0]
  for (const one of figures) {
    count += one.count
    total += one.total
  }
  return { count, total }
}
