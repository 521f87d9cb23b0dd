import { type WorkCalendar, WEEKDAYS } from '@parley/contract'

/** Whether a calendar is open at an instant: by its own clock on the wall, so also on the day when that changes. */
export function isOpen({ timeZone, week, specialDays }: WorkCalendar, at: number): boolean {
  const { date, time, weekday } = wallClock(timeZone, at)
  const special = specialDays.find((day) => day.date === date)
  const shifts = special ? special.shifts : (week[weekday] ?? [])
  return shifts.some(({ from, to }) => from <= time && time < to)
}

const formats = new Map<string, Intl.DateTimeFormat>()

function wallClock(timeZone: string, at: number) {
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
  const date = `${parts.year}-${parts.month}-${parts.day}`
  const weekday = WEEKDAYS[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? 'sunday'
  return { date, weekday, time: `${parts.hour}:${parts.minute}` }
}
