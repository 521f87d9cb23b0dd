import { locale, spoken } from './index.ts'

const MINUTE = 60_000
const UNITS = [
  ['day', 1440],
  ['hour', 60],
  ['minute', 1],
] as const

/** Such as “1 hr, 30 min”; the two greatest units. */
export function span(ms: number): string {
  let minutes = Math.round(Math.abs(ms) / MINUTE)
  const parts: string[] = []
  for (const [unit, size] of UNITS) {
    const amount = Math.floor(minutes / size)
    minutes -= amount * size
    if (amount > 0) {
      parts.push(
        new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(amount),
      )
    }
  }
  return parts.slice(0, 2).join(' ')
}

/** What the chip of the development clock says. */
export const clockWords = spoken({
  en: {
    real: 'Clock',
    ahead: (by: string) => `Clock: +${by}`,
    behind: (by: string) => `Clock: −${by}`,
    held: (label: string) => `${label} (held)`,
    title: 'Clock of this development server',
    now: 'It is',
    next: 'Next timer',
    nothing: 'Nothing is due.',
    goNext: 'Go to the next timer',
    minutes: 'Minutes ahead',
    go: 'Go',
    hold: 'Hold the clock',
    tick: 'Let the clock tick',
    never: 'A clock never goes back.',
  },
  de: {
    real: 'Uhr',
    ahead: (by: string) => `Uhr: +${by}`,
    behind: (by: string) => `Uhr: −${by}`,
    held: (label: string) => `${label} (steht)`,
    title: 'Uhr dieses Entwicklungsservers',
    now: 'Es ist',
    next: 'Nächster Termin',
    nothing: 'Nichts steht an.',
    goNext: 'Zum nächsten Termin',
    minutes: 'Minuten voraus',
    go: 'Stellen',
    hold: 'Uhr anhalten',
    tick: 'Uhr laufen lassen',
    never: 'Eine Uhr geht nie zurück.',
  },
})
