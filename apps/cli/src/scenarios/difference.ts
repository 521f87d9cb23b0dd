/**
 * The first way in which a value lacks what is wanted: `undefined` when it has all of it. Objects may have more members than are
 * wanted, lists must have the same length.
 */
export function difference(actual: unknown, wanted: unknown, path: string): string | undefined {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(actual) || actual.length !== wanted.length)
      return unlike(actual, wanted, path)
    return first(wanted.map((one, index) => difference(actual[index], one, `${path}.${index}`)))
  }
  if (typeof wanted === 'object' && wanted !== null) {
    if (typeof actual !== 'object' || actual === null) return unlike(actual, wanted, path)
    return first(
      Object.entries(wanted).map(([name, one]) =>
        difference(Reflect.get(actual, name), one, `${path}.${name}`),
      ),
    )
  }
  return Object.is(actual, wanted) ? undefined : unlike(actual, wanted, path)
}

function first(found: readonly (string | undefined)[]): string | undefined {
  return found.find((one) => one !== undefined)
}

const MAX_CHARACTERS = 200

function unlike(actual: unknown, wanted: unknown, path: string): string {
  return `${path} is ${shown(actual)}, not ${shown(wanted)}`
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'absent'
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text
}
