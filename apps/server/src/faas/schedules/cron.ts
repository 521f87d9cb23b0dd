import { Cron } from 'croner'
import { ParleyError } from '#base/kernel'

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
  if (fields.length !== 5) throw invalid(cronExpression, 'must have five fields')
  try {
    return new Cron(withMonthsFromOne(fields), { timezone: timeZone, paused: true, mode: '5-part' })
  } catch (cause) {
    throw invalid(cronExpression, cause instanceof Error ? cause.message : String(cause), cause)
  }
}

/** Old pages count months from 0, and the command line's help shows `0-12`. */
function withMonthsFromOne([minute, hour, day, month = '*', weekday]: string[]): string {
  const tolerated = month.replaceAll(/(^|,)0(?=$|,|-|\/)/g, '$11')
  return [minute, hour, day, tolerated, weekday].join(' ')
}

function invalid(expression: string, rule: string, cause?: unknown): ParleyError {
  return new ParleyError('invalid_request', `cronExpression: "${expression}" ${rule}`, {
    details: [{ path: 'body.cronExpression', message: rule }],
    cause,
  })
}
