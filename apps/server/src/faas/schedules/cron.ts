import { Cron } from 'croner'
import { invalid, type ParleyError } from '#base/kernel'

export interface CronTimes {
  cronExpression: string
  timeZone: string
}

/** The first `count` runs after an instant. */
export function nextRuns(
  { cronExpression, timeZone }: CronTimes,
  after: number,
  count: number,
): Date[] {
  return parse(cronExpression, timeZone).nextRuns(count, new Date(after))
}

/** `undefined` when the expression never comes true again. */
export function nextRun(times: CronTimes, after: number): Date | undefined {
  return nextRuns(times, after, 1)[0]
}

function parse(cronExpression: string, timeZone: string): Cron {
  const fields = cronExpression.trim().split(/\s+/)
  if (fields.length !== FIELDS.length)
    throw wrongExpression(cronExpression, 'must have five fields')
  try {
    return read(fields, timeZone)
  } catch (cause) {
    const rule = brokenRule(fields) ?? (cause instanceof Error ? cause.message : String(cause))
    throw wrongExpression(cronExpression, rule, cause)
  }
}

const FIELDS = [
  { name: 'minute', values: '0 to 59' },
  { name: 'hour', values: '0 to 23' },
  { name: 'day of month', values: '1 to 31' },
  { name: 'month', values: '1 to 12 or jan to dec' },
  { name: 'day of week', values: '0 to 7 or sun to sat' },
]

/** What the library says of a field may name another value than the author's. */
function brokenRule(fields: readonly string[]): string | undefined {
  const at = fields.findIndex(
    (field, index) => !isReadable(FIELDS.map(() => '*').with(index, field)),
  )
  const broken = FIELDS[at]
  return (
    broken &&
    `${broken.name}: must be ${broken.values}, not "${fields[at]}"; ranges rise, and a step follows * or a range`
  )
}

function isReadable(fields: readonly string[]): boolean {
  try {
    read(fields, 'UTC')
    return true
  } catch {
    return false
  }
}

function read(fields: readonly string[], timeZone: string): Cron {
  return new Cron(withMonthsFromOne(fields), { timezone: timeZone, paused: true, mode: '5-part' })
}

/** Old pages count months from 0, and the command line's help shows `0-12`. */
function withMonthsFromOne([minute, hour, day, month = '*', weekday]: readonly string[]): string {
  const tolerated = month.replaceAll(/(^|,)0(?=$|,|-|\/)/g, '$11')
  return [minute, hour, day, tolerated, weekday].join(' ')
}

function wrongExpression(expression: string, rule: string, cause?: unknown): ParleyError {
  return invalid('body.cronExpression', `"${expression}" ${rule}`, cause)
}
