import { locale } from '../words/index.ts'

const unit = (name: 'second' | 'minute' | 'hour' | 'day') =>
  new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short' })
const STEPS = [
  [60_000, 1_000, unit('second')],
  [3_600_000, 60_000, unit('minute')],
  [172_800_000, 3_600_000, unit('hour')],
  [Infinity, 86_400_000, unit('day')],
] as const

/** How long something took, in one unit that a person would choose. */
export function lasting(ms: number | undefined): string {
  if (ms === undefined) return '–'
  const [, size, format] = STEPS.find(([below]) => ms < below) ?? STEPS[3]
  return format.format(Math.round((ms / size) * 10) / 10)
}
