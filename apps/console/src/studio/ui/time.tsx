import { locale } from '../words/index.ts'

const STEPS = [
  ['second', 60],
  ['minute', 60],
  ['hour', 24],
  ['day', 30],
  ['month', 12],
  ['year', Number.POSITIVE_INFINITY],
] as const

/** How long ago, in the reader's words; the exact time is in its title. */
export function Ago({ at }: { at: string }) {
  return (
    <time dateTime={at} title={new Date(at).toLocaleString(locale)}>
      {relative(Date.parse(at) - Date.now())}
    </time>
  )
}

function relative(ms: number): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  let amount = Math.min(0, ms) / 1000
  for (const [unit, size] of STEPS) {
    if (Math.abs(amount) < size) return format.format(Math.round(amount), unit)
    amount /= size
  }
  return format.format(Math.round(amount), 'year')
}
