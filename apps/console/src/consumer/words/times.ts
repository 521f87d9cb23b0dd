import { locale, words } from './index.ts'

const DAY_MS = 86_400_000

/** Kept: to make one takes as long as a hundred times of it, and every message is drawn again with each new one. */
let clock: { locale: string; times: Intl.DateTimeFormat } | undefined

export function clockTime(at: number): string {
  if (clock?.locale !== locale) {
    const times = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' })
    clock = { locale, times }
  }
  return clock.times.format(at)
}

/** Today, yesterday, or the date. */
export function dayName(at: number): string {
  const day = new Date(at)
  if (isSameDay(at, Date.now())) return words.today
  if (isSameDay(at, Date.now() - DAY_MS)) return words.yesterday
  return day.toLocaleDateString(locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(day.getFullYear() !== new Date().getFullYear() && { year: 'numeric' }),
  })
}

export function shortDay(at: number): string {
  return new Date(at).toLocaleDateString(locale, { day: 'numeric', month: 'long' })
}

/** Day and time, as in "Monday, 5 January, 08:00". */
export function dayAndTime(at: number): string {
  return `${dayName(at)}, ${clockTime(at)}`
}

export function isSameDay(one: number, other: number): boolean {
  return new Date(one).toDateString() === new Date(other).toDateString()
}
