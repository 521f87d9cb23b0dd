import type { FigureRow } from '@parley/contract'
import { toCsvLines } from '#base/kit'
import type { Figures } from './read-figures.ts'

const COUNTS = [
  'opened',
  'closed',
  'transferred',
  'answeredByPerson',
  'answeredByBot',
  'answeredByFunction',
  'closedWithoutPerson',
] as const satisfies readonly (keyof FigureRow)[]
const DURATIONS = ['firstAnswer', 'handled'] as const
const PARTS = ['count', 'averageMs', 'medianMs', 'p90Ms'] as const

/** One line for each row; the last line is the total, without a key. */
export function csvOfFigures({ rows, total }: Figures): string {
  const head = [
    'key',
    ...COUNTS,
    ...DURATIONS.flatMap((name) => PARTS.map((part) => `${name}.${part}`)),
    'satisfaction.count',
    'satisfaction.average',
  ]
  return toCsvLines([head, ...rows.map(fieldsOf), fieldsOf({ ...total, key: 'total' })], {
    delimiter: ',',
    lineEnd: '\r\n',
    withoutFormulas: true,
  })
}

function fieldsOf(row: FigureRow): string[] {
  return [
    row.key ?? '',
    ...COUNTS.map((name) => String(row[name])),
    ...DURATIONS.flatMap((name) => PARTS.map((part) => rounded(row[name][part]))),
    String(row.satisfaction.count),
    row.satisfaction.average?.toFixed(2) ?? '',
  ]
}

function rounded(value: number | undefined): string {
  return value === undefined ? '' : String(Math.round(value))
}
