/** Published clients send `null` for members that they leave out. Metadata belongs to its authors and stays. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  const present = Object.entries(value).filter(([, member]) => member !== null)
  return Object.fromEntries(
    present.map(([name, member]) => [name, name === 'metadata' ? member : withoutNulls(member)]),
  )
}
