import type { Difference } from '@parley/contract'

const MAX_DIFFERENCES = 100

/** Where two values of JSON differ, each place once. */
export function differencesOf(
  part: Difference['part'],
  recorded: unknown,
  replayed: unknown,
  path = '',
): Difference[] {
  if (Object.is(recorded, replayed)) return []
  if (
    !isObject(recorded) ||
    !isObject(replayed) ||
    Array.isArray(recorded) !== Array.isArray(replayed)
  ) {
    return [difference(part, path, recorded, replayed)]
  }
  const names = new Set([...Object.keys(recorded), ...Object.keys(replayed)])
  return [...names].flatMap((name) => {
    const inside = Array.isArray(recorded)
      ? `${path}[${name}]`
      : path === ''
        ? name
        : `${path}.${name}`
    return differencesOf(part, recorded[name], replayed[name], inside)
  })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function difference(
  part: Difference['part'],
  path: string,
  recorded: unknown,
  replayed: unknown,
): Difference {
  return {
    part,
    path,
    ...(recorded !== undefined && { recorded }),
    ...(replayed !== undefined && { replayed }),
  }
}

/** Where two lists differ, as few entries as possible: one more entry does not make those after it different. */
export function listDifferences(
  part: Difference['part'],
  recorded: readonly unknown[],
  replayed: readonly unknown[],
): Difference[] {
  const a = recorded.map((entry) => JSON.stringify(entry))
  const b = replayed.map((entry) => JSON.stringify(entry))
  const common = commonLengths(a, b)
  const found: Difference[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i += 1
      j += 1
      continue
    }
    const removed = j === b.length || (i < a.length && at(common, i + 1, j) >= at(common, i, j + 1))
    const isChanged = i < a.length && j < b.length && at(common, i + 1, j + 1) === at(common, i, j)
    if (isChanged) found.push(...differencesOf(part, recorded[i++], replayed[j++], `[${i - 1}]`))
    else if (removed) found.push(difference(part, `[${i}]`, recorded[i++], undefined))
    else found.push(difference(part, `[${j}]`, undefined, replayed[j++]))
  }
  return found
}

function at(table: readonly Uint16Array[], i: number, j: number): number {
  return table[i]?.[j] ?? 0
}

/** How many entries the rests of two lists have in common, by where the rests begin. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint16Array[] {
  const table = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = table[i]
      if (!row) continue
      row[j] =
        a[i] === b[j]
          ? at(table, i + 1, j + 1) + 1
          : Math.max(at(table, i + 1, j), at(table, i, j + 1))
    }
  }
  return table
}

interface Call {
  what: string
  key: string
  request: unknown
  /** It failed before anything of it was sent: whether it has a body is not known. */
  isUnsent?: boolean
}

/** Calls that were made only then or only now; those of one address whose content differs are one difference. */
export function callDifferences(
  recorded: readonly Call[],
  replayed: readonly Call[],
): Difference[] {
  const added = [...replayed]
  const missing = recorded.filter(({ what, key }) => {
    const place = added.findIndex((one) => one.what === what && one.key === key)
    if (place >= 0) added.splice(place, 1)
    return place < 0
  })
  const changed = missing.flatMap((call) => {
    const place = added.findIndex(({ what }) => what === call.what)
    const [other] = place < 0 ? [] : added.splice(place, 1)
    if (other && (call.isUnsent || other.isUnsent)) return []
    return difference('calls', call.what, call.request ?? null, other && (other.request ?? null))
  })
  const more = added.map(({ what, request }) =>
    difference('calls', what, undefined, request ?? null),
  )
  return [...changed, ...more]
}

export function atMost(differences: readonly Difference[]): Difference[] {
  return differences.slice(0, MAX_DIFFERENCES)
}
