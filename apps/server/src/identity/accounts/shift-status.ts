import { type Shift, WEEKDAYS, type WorkCalendar } from '@parley/contract'
import { instantsOf, localTime, plusDays } from '#identity/settings'

const MINUTE_MS = 60_000
/** How far ahead an opening is looked for. */
const HORIZON_DAYS = 30
/** Longer than any change of an offset. */
const MAX_GAP_MINUTES = 180

/** Whether a calendar is open at an instant, by the local time of its time zone. */
export function isOpen(calendar: WorkCalendar, at: number): boolean {
  const { date, time } = localTime(calendar.timeZone, at)
  const minute = time.slice(0, 5)
  return shiftsOn(calendar, date).some(({ from, to }) => from <= minute && minute < to)
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

function weekdayOf(date: string) {
  return WEEKDAYS[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? 'sunday'
}
