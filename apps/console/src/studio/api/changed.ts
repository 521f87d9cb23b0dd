/** Of what a form has, what differs from `before`: what nobody has touched takes nothing away from what somebody else has changed. */
export function changedOf<Fields extends object>(fields: Fields, before: object): Partial<Fields> {
  const known = membersOf(before)
  const changed = Object.entries(fields).filter(([name, value]) => !isSame(value, known[name]))
  return Object.fromEntries(changed) as Partial<Fields>
}

/**
 * `newest` with what a form has changed since `before`, member by member at every depth. Lists of texts, such as those of ids, are merged
 * where both have changed them; any other list is one value.
 */
export function changedOver<Fields extends object>(
  fields: Fields,
  before: Fields,
  newest: Fields,
): Fields {
  const mine = membersOf(fields)
  const known = membersOf(before)
  const merged = membersOf(newest)
  for (const name of new Set([...Object.keys(mine), ...Object.keys(known)])) {
    const [now, then, theirs] = [mine[name], known[name], merged[name]]
    if (isSame(now, then)) continue
    if (now === undefined) delete merged[name]
    else if (isRecord(now) && isRecord(then) && isRecord(theirs)) {
      merged[name] = changedOver(now, then, theirs)
    } else if (isTexts(now) && isTexts(then) && isTexts(theirs) && !isSame(then, theirs)) {
      merged[name] = listOver(now, then, theirs, (text) => text)
    } else merged[name] = now
  }
  return merged as Fields
}

/** The same for a list whose items have a key: what was added, changed and removed since `before`, done to `newest`. */
export function listOver<Item>(
  items: readonly Item[],
  before: readonly Item[],
  newest: readonly Item[],
  keyOf: (item: Item) => string,
): Item[] {
  const mine = items.filter((item) => !before.some((one) => isSame(one, item)))
  const hasKeyOf = (item: Item) => (one: Item) => keyOf(one) === keyOf(item)
  const kept = new Set(items.map(keyOf))
  const gone = new Set(before.map(keyOf).filter((key) => !kept.has(key)))
  const others = newest.filter((item) => !gone.has(keyOf(item)))
  const added = new Set(mine)
  const merged = others.map((theirs) => {
    const own = mine.find(hasKeyOf(theirs))
    if (own === undefined) return theirs
    const then = before.find(hasKeyOf(theirs))
    const isAnother = then === undefined || items.filter(hasKeyOf(theirs)).length > 1
    // Two that were made under one key both stay: whoever looks at the list, or the server, says so.
    if (isAnother && !isSame(own, theirs)) return theirs
    added.delete(own)
    return isRecord(own) && isRecord(then) && isRecord(theirs)
      ? changedOver<Item & object>(own, then, theirs)
      : own
  })
  return [...merged, ...added]
}

/** By what is in them, in the order of their members. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function membersOf(value: object): Record<string, unknown> {
  return { ...value }
}
