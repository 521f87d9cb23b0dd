import { boundedMap, declareBound } from '#base/bounds'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** A time zone has many spellings. */
const TIME_ZONES = declareBound({
  kind: 'map',
  holds: 'time zones of accounts and calendars, ready to be read',
  limit: 1000,
  per: 'process',
  beyond: 'the least recently used one is made again when it is needed',
})
const openFormats = () => boundedMap<string, Intl.DateTimeFormat>(TIME_ZONES)
let formats: ReturnType<typeof openFormats> | undefined

/** The date (`2026-01-05`) and the time (`10:00:00`) that an instant has in a time zone. */
export function localTime(timeZone: string, at: number): { date: string; time: string } {
  formats ??= openFormats()
  let format = formats.get(timeZone)
  if (!format) {
    // Swedes write dates as ISO 8601 does.
    format = new Intl.DateTimeFormat('sv-SE', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    formats.set(timeZone, format)
  }
  const [date = '', time = ''] = format.format(at).split(' ')
  return { date, time }
}

/** The instants that a local time (`10:00`) may mean: two when the offset changes around it. */
export function instantsOf(timeZone: string, date: string, time: string): number[] {
  const asUtc = Date.parse(`${date}T${time}:00Z`)
  const offsets = [asUtc - DAY_MS, asUtc + DAY_MS].map((instant) => offsetAt(timeZone, instant))
  return [...new Set(offsets)].map((offset) => asUtc - offset)
}

/** When a date begins in a time zone; not at 00:00 where daylight saving time skips that, and with the next one where a zone left it out. */
export function startOfDay(timeZone: string, date: string): number {
  const midnights = instantsOf(timeZone, date, '00:00')
  const own = midnights.filter((at) => localTime(timeZone, at).date === date)
  return own.length > 0 ? Math.min(...own) : Math.max(...midnights)
}

export function plusDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

function offsetAt(timeZone: string, instant: number): number {
  const { date, time } = localTime(timeZone, instant)
  return Date.parse(`${date}T${time}Z`) - Math.floor(instant / 1000) * 1000
}
