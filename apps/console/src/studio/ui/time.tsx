import { serverNow } from '../api/server-time.ts'
import { useMinute } from '../api/use-minute.ts'
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
  useMinute()
  return (
    <time dateTime={at} title={new Date(at).toLocaleString(locale)}>
      {relative(Math.min(0, Date.parse(at) - serverNow()))}
    </time>
  )
}

/** In how long; what is over already is due now. */
export function Due({ at }: { at: string }) {
  useMinute()
  return (
    <time dateTime={at} title={new Date(at).toLocaleString(locale)}>
      {relative(Math.max(0, Date.parse(at) - serverNow()))}
    </time>
  )
}

const TO_THE_SECOND = {
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
} as const
const ofThisYear = new Intl.DateTimeFormat(locale, TO_THE_SECOND)
const ofAnyYear = new Intl.DateTimeFormat(locale, { ...TO_THE_SECOND, year: '2-digit' })

/** Date and time to the second, in the reader's zone, short enough for a column; how long ago is in its title. */
export function Instant({ at }: { at: string }) {
  useMinute()
  return (
    <time dateTime={at} title={relative(Math.min(0, Date.parse(at) - serverNow()))}>
      {textOf(new Date(at))}
    </time>
  )
}

function textOf(at: Date): string {
  const isOfThisYear = at.getFullYear() === new Date(serverNow()).getFullYear()
  return (isOfThisYear ? ofThisYear : ofAnyYear).format(at)
}

const inWords = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })

function relative(ms: number): string {
  let amount = ms / 1000
  for (const [unit, size] of STEPS) {
    if (Math.abs(amount) < size) return inWords.format(Math.round(amount), unit)
    amount /= size
  }
  return inWords.format(Math.round(amount), 'year')
}
