/** Published clients send `null` for members that they leave out. Metadata belongs to its authors and stays. What has none is not copied. */
export function withoutNulls(value: unknown): unknown {
  return hasNull(value) ? copyWithoutNulls(value) : value
}

function hasNull(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(hasNull)
  const members = value as Record<string, unknown>
  for (const name of Object.keys(members)) {
    if (members[name] === null || (name !== 'metadata' && hasNull(members[name]))) return true
  }
  return false
}

function copyWithoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyWithoutNulls)
  if (typeof value !== 'object' || value === null) return value
  const present = Object.entries(value).filter(([, member]) => member !== null)
  return Object.fromEntries(
    present.map(([name, member]) => [
      name,
      name === 'metadata' ? member : copyWithoutNulls(member),
    ]),
  )
}
