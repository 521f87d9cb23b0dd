import type { getSurveyScores } from '@parley/contract'
import type * as z from 'zod'
import { Chart } from '../ui/chart.tsx'
import { PlainTable } from '../ui/plain-table.tsx'
import { locale } from '../words/index.ts'
import { surveyWords as t } from './words.ts'

type Day = z.output<(typeof getSurveyScores)['reply']>['days'][number]

/** Scores and counts by day, as pictures and as one table. */
export function ResultCharts({ days }: { days: readonly Day[] }) {
  const ends = [dayOf(days[0]), dayOf(days.at(-1))] as const
  const sent = sum(days.map(({ surveys }) => surveys))
  const completed = sum(days.map((one) => one.completed))
  const rated = sum(days.map(({ csat }) => csat.count))
  const average = sum(days.map(({ csat }) => csat.count * (csat.average ?? 0))) / rated
  return (
    <div className="charts">
      <Chart
        title={t.sentOverTime}
        summary={t.sentSummary(sent, completed)}
        kind="bars"
        ends={ends}
        format={(value) => value.toLocaleString(locale)}
        series={[
          { name: t.completed, look: 'first', values: days.map((one) => one.completed) },
          {
            name: t.notCompleted,
            look: 'second',
            values: days.map((one) => one.surveys - one.completed),
          },
        ]}
      >
        <details>
          <summary>{t.asTable}</summary>
          <PlainTable
            label={t.sentOverTime}
            rows={days}
            keyOf={({ day }) => day}
            columns={[
              { head: t.day, cell: ({ day }) => day },
              { head: t.sent, cell: ({ surveys }) => surveys },
              { head: t.completed, cell: (one) => one.completed },
              { head: t.share, cell: ({ surveyedShare }) => t.percent(surveyedShare) },
            ]}
          />
        </details>
      </Chart>
      <Chart
        title={t.overTime}
        summary={t.overTimeSummary(t.average(rated === 0 ? undefined : average), rated)}
        kind="lines"
        ends={ends}
        format={(value) => value.toLocaleString(locale)}
        series={[{ name: t.csat, look: 'first', values: days.map(({ csat }) => csat.average) }]}
      >
        <details>
          <summary>{t.asTable}</summary>
          <PlainTable
            label={t.overTime}
            rows={days}
            keyOf={({ day }) => day}
            columns={[
              { head: t.day, cell: ({ day }) => day },
              { head: t.csat, cell: ({ csat }) => t.average(csat.average) },
              { head: t.nps, cell: ({ nps }) => t.points(nps.score) },
              { head: t.fcr, cell: ({ fcr }) => t.percent(fcr.average) },
            ]}
          />
        </details>
      </Chart>
    </div>
  )
}

function dayOf(day: Day | undefined): string {
  return day === undefined
    ? ''
    : new Date(`${day.day}T12:00:00Z`).toLocaleDateString(locale, { timeZone: 'UTC' })
}

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0)
