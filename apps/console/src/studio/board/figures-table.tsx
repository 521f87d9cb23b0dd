import type { FigureRow } from '@parley/contract'
import { FirstRows } from '../ui/first-rows.tsx'
import { PlainTable } from '../ui/plain-table.tsx'
import { locale } from '../words/index.ts'
import { lasting } from './lasting.ts'
import { boardWords as t } from './words.ts'

const COUNTS = [
  'opened',
  'closed',
  'transferred',
  'answeredByPerson',
  'answeredByBot',
  'answeredByFunction',
  'closedWithoutPerson',
] as const
const TIMES = ['firstAnswer', 'handled'] as const
const average = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 })

interface Props {
  /** What the rows are. */
  head: string
  rows: readonly FigureRow[]
  total: FigureRow
  nameOf: (row: FigureRow) => string
}

/** One row for each skill, agent or hour; all together last. */
export function FiguresTable({ head, rows, total, nameOf }: Props) {
  return (
    <FirstRows rows={rows}>
      {(drawn) => (
        <PlainTable
          label={t.figures}
          rows={[...drawn, total]}
          keyOf={({ key = '' }, index) => (index === drawn.length ? 'total' : key)}
          columns={[
            {
              head,
              cell: (row, index) => <bdi>{index === drawn.length ? t.total : nameOf(row)}</bdi>,
            },
            ...COUNTS.map((id) => ({
              head: t.counts[id],
              className: 'number',
              cell: (row: FigureRow) => row[id].toLocaleString(locale),
            })),
            ...TIMES.flatMap((id) => [
              {
                head: t.median(t[id]),
                className: 'number',
                cell: (row: FigureRow) => lasting(row[id].medianMs),
              },
              {
                head: t.ninety(t[id]),
                className: 'number',
                cell: (row: FigureRow) => lasting(row[id].p90Ms),
              },
            ]),
            {
              head: t.satisfaction,
              className: 'number',
              cell: ({ satisfaction }) =>
                satisfaction.average === undefined
                  ? '–'
                  : t.rated(average.format(satisfaction.average), satisfaction.count),
            },
          ]}
        />
      )}
    </FirstRows>
  )
}
