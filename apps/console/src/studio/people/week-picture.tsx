import type { WorkCalendar } from '@parley/contract'
import { serverNow } from '../api/server-time.ts'
import { locale } from '../words/index.ts'
import { hoursWords as t } from './hours-words.ts'
import { daysFrom, type DayOfHours, isTimeZone, localTime, minuteOf } from './week.ts'

const dayName = new Intl.DateTimeFormat(locale, {
  timeZone: 'UTC',
  weekday: 'short',
  day: 'numeric',
})
/** A picture of a day: its height is its minutes. */
const HEIGHT = 1440
const WIDTH = 100
const HOURS = [6, 12, 18]

interface Props {
  /** Whose hours these are. */
  whose: string
  calendar: WorkCalendar
}

/** The next seven days, each as a column of its hours and in words. */
export function WeekPicture({ whose, calendar }: Props) {
  // Somebody is typing it.
  if (!isTimeZone(calendar.timeZone)) return null
  const now = serverNow()
  const { time } = localTime(calendar.timeZone, now)
  return (
    <ol className="week" aria-label={t.weekOf(whose, calendar.timeZone)}>
      {daysFrom(calendar, now).map((day, index) => (
        <Day key={day.date} day={day} now={index === 0 ? minuteOf(time) : undefined} />
      ))}
    </ol>
  )
}

/** @param now where a line marks the present minute */
function Day({ day, now }: { day: DayOfHours; now: number | undefined }) {
  const { date, shifts, isSpecial, name } = day
  return (
    <li className={now === undefined ? '' : 'today'}>
      <strong>{dayName.format(new Date(date))}</strong>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden>
        {HOURS.map((hour) => (
          <line key={hour} x1="0" x2={WIDTH} y1={hour * 60} y2={hour * 60} className="hour" />
        ))}
        {shifts.map(({ from, to }, index) => (
          <rect
            key={`${index} ${from}`}
            className={isSpecial ? 'shift special' : 'shift'}
            x="4"
            width={WIDTH - 8}
            y={minuteOf(from)}
            height={Math.max(0, minuteOf(to) - minuteOf(from))}
          />
        ))}
        {now !== undefined && <line x1="0" x2={WIDTH} y1={now} y2={now} className="now" />}
      </svg>
      {isSpecial && (
        <span className="chip warn">
          <bdi>{name || t.unnamedDay}</bdi>
        </span>
      )}
      {shifts.length === 0 ? (
        <span className="faint">{t.closedShort}</span>
      ) : (
        shifts.map(({ from, to }, index) => (
          <span key={`${index} ${from}`}>
            {from}–{to}
          </span>
        ))
      )}
    </li>
  )
}
