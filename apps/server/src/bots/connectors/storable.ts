import { cleanText } from '#base/kit'

/** Nothing of an answer that is used lies so deep. */
const MAX_DEPTH = 500

/** What a function has answered, as the database can keep it: functions cut texts anywhere, also in the middle of an emoji. */
export function storable(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return cleanText(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth === MAX_DEPTH) return null
  if (Array.isArray(value)) return value.map((one) => storable(one, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, inside]) => [cleanText(name), storable(inside, depth + 1)]),
  )
}
