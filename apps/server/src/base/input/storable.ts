/** Nothing that is read of a value lies so deep, and the stack ends somewhere below. */
const MAX_DEPTH = 500

/**
 * The same value without what the database cannot keep: U+0000 and halves of surrogate pairs. What lies deeper than 500 levels is left out:
 * there is a `null`.
 */
export function storable<Value>(value: Value): Value {
  return cleaned(value, 0) as Value
}

function cleaned(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return clean(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth === MAX_DEPTH) return null
  if (Array.isArray(value)) return value.map((one) => cleaned(one, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, inside]) => [clean(name), cleaned(inside, depth + 1)]),
  )
}

function clean(text: string): string {
  return text.toWellFormed().replaceAll('\0', '')
}
