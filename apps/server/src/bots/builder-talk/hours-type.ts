/**
 * The type of hours that it is now in a time zone: of entries such as `"OPEN~8:00~20:00"`, `"FRIDAY|LATE~17:00~8:00"` and
 * `"12.25.2026|HOLIDAY~0:00~23:59"` the last one that holds, else `null`. This function's own text is what the sandbox runs: it may use
 * nothing from outside of itself.
 * @throws RangeError for a time zone that is none
 */
export function hoursTypeNow(entries: readonly string[], timeZone: string): string | null {
  const LAST_MINUTE = 23 * 60 + 59
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'long',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  }).formatToParts()
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? ''
  const today = ['month', 'day', 'year'].map((type) => Number(part(type))).join('.')
  const now = Number(part('hour')) * 60 + Number(part('minute'))
  const minuteOf = (text: string) => {
    const [, hours, minutes = 0] = /^ *(\d{1,2})(?::(\d{2}))? *$/.exec(text) ?? []
    return Number(hours) * 60 + Number(minutes)
  }
  const holds = (entry: string): boolean => {
    const [hours = '', day] = entry.split('|').reverse()
    const [, from = '', to = ''] = hours.split('~')
    const isDay =
      day === undefined ||
      day.trim().toUpperCase() === part('weekday').toUpperCase() ||
      day.split('.').map(Number).join('.') === today
    const [start, given] = [minuteOf(from), minuteOf(to)]
    // A day ends with its last minute.
    const end = given === LAST_MINUTE ? given + 1 : given
    const isInside = start < end ? start <= now && now < end : start <= now || now < end
    return isDay && isInside
  }
  const [last = ''] = entries.findLast(holds)?.split('|').at(-1)?.split('~') ?? []
  return last.trim() || null
}
