import { boundedMap, declareBound } from '#base/bounds'
import { type Shift, WEEKDAYS, type WorkCalendar } from '@parley/contract'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
/** How far ahead an opening is looked for. */
const HORIZON_DAYS = 30
/** Longer than any change of an offset. */
const MAX_GAP_MINUTES = 180

/** Whether a calendar is open at an instant, by the local time of its time zone. */
export function isOpen(calendar: WorkCalendar, at: number): boolean {
  const { date, time } = localTime(calendar.timeZone, at)
  return shiftsOn(calendar, date).some(({ from, to }) => from <= time && time < to)
}

export interface NextOpening {
  at: number
  /** Why it is closed now. */
  reason: 'NIGHT' | 'WEEKEND' | 'HOLIDAY'
}

/** When a closed calendar opens again; `undefined` when it is open, or stays closed for 30 days. */
export function nextOpening(calendar: WorkCalendar, at: number): NextOpening | undefined {
  if (isOpen(calendar, at)) return undefined
  const today = localTime(calendar.timeZone, at).date
  for (let day = 0; day <= HORIZON_DAYS; day++) {
    const date = plusDays(today, day)
    const openings = shiftsOn(calendar, date)
      .flatMap(({ from }) => instantsOf(calendar.timeZone, date, from))
      .filter((instant) => instant > at && isOpen(calendar, instant))
    if (openings.length > 0) {
      return {
        at: firstOpenMinute(calendar, Math.min(...openings), at),
        reason: reasonClosed(calendar, today),
      }
    }
  }
  return undefined
}

/** When an open calendar closes; `undefined` when it stays open for 30 days. */
export function nextClosing(calendar: WorkCalendar, at: number): number | undefined {
  const today = localTime(calendar.timeZone, at).date
  const ends: number[] = []
  for (let day = 0; day <= HORIZON_DAYS && ends.length === 0; day++) {
    const date = plusDays(today, day)
    const found = shiftsOn(calendar, date).flatMap(({ to }) =>
      instantsOf(calendar.timeZone, date, to),
    )
    ends.push(...found.filter((instant) => instant > at && !isOpen(calendar, instant)))
  }
  return ends.length === 0 ? undefined : Math.min(...ends)
}

function shiftsOn({ week, specialDays }: WorkCalendar, date: string): readonly Shift[] {
  const special = specialDays.find((day) => day.date === date)
  return special ? special.shifts : (week[weekdayOf(date)] ?? [])
}

function reasonClosed({ week, specialDays }: WorkCalendar, date: string): NextOpening['reason'] {
  if (specialDays.some((day) => day.date === date)) return 'HOLIDAY'
  return (week[weekdayOf(date)] ?? []).length === 0 ? 'WEEKEND' : 'NIGHT'
}

/** The instants that a local time may mean: two when the offset changes around it. */
function instantsOf(timeZone: string, date: string, time: string): number[] {
  const asUtc = Date.parse(`${date}T${time}:00Z`)
  const offsets = [asUtc - DAY_MS, asUtc + DAY_MS].map((instant) => offsetAt(timeZone, instant))
  return [...new Set(offsets)].map((offset) => asUtc - offset)
}

/** A shift may begin in the hour that daylight saving time skips: it then opens when that hour is over. */
function firstOpenMinute(calendar: WorkCalendar, opening: number, after: number): number {
  let first = opening
  for (let minute = 0; minute < MAX_GAP_MINUTES; minute++) {
    const earlier = first - MINUTE_MS
    if (earlier <= after || !isOpen(calendar, earlier)) return first
    first = earlier
  }
  return first
}

function offsetAt(timeZone: string, instant: number): number {
  const { date, time } = localTime(timeZone, instant)
  return Date.parse(`${date}T${time}:00Z`) - Math.floor(instant / MINUTE_MS) * MINUTE_MS
}

function plusDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

function weekdayOf(date: string) {
  return WEEKDAYS[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? 'sunday'
}

/** A time zone has many spellings. */
const TIME_ZONES = declareBound({
  kind: 'map',
  holds: 'time zones of calendars, ready to be read',
  limit: 1000,
  per: 'process',
  beyond: 'the least recently used one is made again when it is needed',
})
const openFormats = () => boundedMap<string, Intl.DateTimeFormat>(TIME_ZONES)
let formats: ReturnType<typeof openFormats> | undefined

function localTime(timeZone: string, at: number): { date: string; time: string } {
  formats ??= openFormats()
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    })
    formats.set(timeZone, format)
  }
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  return {
    date: `${parts.year}-${parts.month}-${parts.day}`,
    time: `${parts.hour}:${parts.minute}`,
  }
}
