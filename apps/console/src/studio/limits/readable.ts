const BYTES = ['B', 'KiB', 'MiB', 'GiB'] as const
const TIMES = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const

/** A figure with the unit that its name says, such as 64 KiB or 8 hours; plain where it has none. */
export function readable(name: string, value: number, locale: string): string {
  const plain = value.toLocaleString(locale)
  if (/bytes$/i.test(name)) return inBytes(value, locale)
  if (/ms$|MsBySkill$/i.test(name)) return inTime(value, locale)
  if (name.startsWith('ttr.')) return inTime(value * 1000, locale)
  if (/days$/i.test(name)) return inUnit(value, 'day', locale)
  return plain
}

function inBytes(value: number, locale: string): string {
  let amount = value
  let unit = 0
  while (amount >= 1024 && unit < BYTES.length - 1) {
    amount /= 1024
    unit++
  }
  return `${amount.toLocaleString(locale, { maximumFractionDigits: 1 })} ${BYTES[unit]}`
}

function inTime(ms: number, locale: string): string {
  for (const [unit, size] of TIMES) {
    if (ms >= size) return inUnit(ms / size, unit, locale)
  }
  return `${ms.toLocaleString(locale)} ms`
}

function inUnit(value: number, unit: string, locale: string): string {
  return value.toLocaleString(locale, {
    style: 'unit',
    unit,
    unitDisplay: 'long',
    maximumFractionDigits: 1,
  })
}
