import { type Shift, WEEKDAYS, type Weekday, type WorkCalendar } from '@parley/contract'

const DAY_MS = 24 * 3_600_000
const MINUTES = 24 * 60

/** A week of work begins on Monday. */
export const WORK_WEEK: readonly Weekday[] = [...WEEKDAYS.slice(1), ...WEEKDAYS.slice(0, 1)]

export interface DayOfHours {
  /** Such as `2026-11-23`. */
  date: string
  shifts: readonly Shift[]
  isSpecial: boolean
  /** What a special day is called. */
  name: string | undefined
}

/** The next seven days of a calendar, the first of them today in its time zone. */
export function daysFrom(calendar: WorkCalendar, now: number): DayOfHours[] {
  const today = Date.parse(localTime(calendar.timeZone, now).date)
  return Array.from({ length: 7 }, (_, index) => {
    const at = new Date(today + index * DAY_MS)
    const date = at.toISOString().slice(0, 10)
    const special = calendar.specialDays.find((day) => day.date === date)
    const shifts = special
      ? special.shifts
      : (calendar.week[WEEKDAYS[at.getUTCDay()] ?? 'sunday'] ?? [])
    return {
      date,
      shifts: shifts.toSorted((one, another) => one.from.localeCompare(another.from)),
      isSpecial: special !== undefined,
      name: special?.name,
    }
  })
}

/** Minutes since midnight, of 0 to 1440. */
export function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return Math.min(MINUTES, hours * 60 + minutes)
}

/** @throws RangeError when there is no such time zone */
export function localTime(timeZone: string, at: number): { date: string; time: string } {
  const format = new Intl.DateTimeFormat('en-CA', {
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
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  return {
    date: `${parts['year']}-${parts['month']}-${parts['day']}`,
    time: `${parts['hour']}:${parts['minute']}`,
  }
}

export function isTimeZone(name: string): boolean {
  try {
    localTime(name, 0)
    return true
  } catch {
    return false
  }
}
