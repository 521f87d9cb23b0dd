import type { FigureRow } from '@parley/contract'
import { Chart } from '../ui/chart.tsx'
import { PlainTable } from '../ui/plain-table.tsx'
import { locale } from '../words/index.ts'
import { boardWords as t } from './words.ts'

const HOUR_MS = 3_600_000
const hour = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'short' })

interface Props {
  figures: { from: string; to: string; rows: readonly FigureRow[]; total: FigureRow }
}

/** Hour by hour: what was opened and closed, and who answered. Each picture is a table, too. */
export function FigureCharts({ figures: { from, to, rows, total } }: Props) {
  const byHour = new Map(rows.map((row) => [row.key === undefined ? 0 : Date.parse(row.key), row]))
  const begin = Date.parse(from) - (Date.parse(from) % HOUR_MS)
  const count = Math.max(1, Math.ceil((Date.parse(to) - begin) / HOUR_MS))
  const hours = Array.from({ length: count }, (_, index) => begin + index * HOUR_MS)
  const values = (name: 'opened' | 'closed' | `answeredBy${'Person' | 'Bot' | 'Function'}`) =>
    hours.map((at) => byHour.get(at)?.[name] ?? 0)
  const { answeredByPerson, answeredByBot, answeredByFunction } = total
  const ends = [hour.format(begin), hour.format(Date.parse(to))] as const
  const format = (value: number) => value.toLocaleString(locale)
  const busy = rows.filter(({ key }) => key !== undefined)
  return (
    <div className="charts">
      <Chart
        title={t.overTime}
        summary={t.overTimeSummary(total.opened, total.closed)}
        kind="lines"
        ends={ends}
        format={format}
        series={[
          { name: t.counts.opened, look: 'second', values: values('opened') },
          { name: t.counts.closed, look: 'first', values: values('closed') },
        ]}
      >
        <Twin label={t.overTime} rows={busy} names={['opened', 'closed']} />
      </Chart>
      <Chart
        title={t.whoAnswers}
        summary={t.whoAnswersSummary(answeredByPerson, answeredByBot, answeredByFunction)}
        kind="lines"
        ends={ends}
        format={format}
        series={[
          { name: t.people, look: 'first', values: values('answeredByPerson') },
          { name: t.bots, look: 'second', values: values('answeredByBot') },
          { name: t.functions, look: 'third', values: values('answeredByFunction') },
        ]}
      >
        <Twin
          label={t.whoAnswers}
          rows={busy}
          names={['answeredByPerson', 'answeredByBot', 'answeredByFunction']}
        />
      </Chart>
    </div>
  )
}

interface TwinProps {
  label: string
  rows: readonly FigureRow[]
  names: readonly ('opened' | 'closed' | `answeredBy${'Person' | 'Bot' | 'Function'}`)[]
}

/** What a picture shows, as a table; hours in which nothing happened are left out. */
function Twin({ label, rows, names }: TwinProps) {
  return (
    <details>
      <summary>{t.asTable}</summary>
      <PlainTable
        label={label}
        rows={rows}
        keyOf={({ key = '' }) => key}
        columns={[
          { head: t.hour, cell: ({ key = '' }) => hour.format(new Date(key)) },
          ...names.map((name) => ({
            head: t.counts[name],
            className: 'number',
            cell: (row: FigureRow) => row[name].toLocaleString(locale),
          })),
        ]}
      />
    </details>
  )
}
