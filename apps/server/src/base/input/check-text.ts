import { invalid } from '#base/kernel'

/** Deep enough for every published payload, far from what could exhaust the stack of a recursive reader. */
export const MAX_DEPTH = 64
/** Of one name in an error. */
const MAX_SHOWN_CHARACTERS = 100

interface Place {
  readonly value: unknown
  readonly depth: number
  readonly key: string
  readonly parent: Place | undefined
}

/**
 * Refuses what PostgreSQL's text and jsonb cannot hold (U+0000, lone surrogates), `__proto__` members and
 * nesting beyond the limit, naming the field.
 */
export function checkText(root: unknown, name: string): void {
  if (!isStorable(root, 0)) refuseFirst(root, name)
}

/** Without the places of the values, which are needed only for an error. */
function isStorable(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return isStorableText(value)
  if (typeof value !== 'object' || value === null) return true
  if (depth >= MAX_DEPTH) return false
  if (Array.isArray(value)) return value.every((item) => isStorable(item, depth + 1))
  const members = value as Record<string, unknown>
  for (const key of Object.keys(members)) {
    if (key === '__proto__' || !isStorableText(key)) return false
    if (!isStorable(members[key], depth + 1)) return false
  }
  return true
}

function isStorableText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

function refuseFirst(root: unknown, name: string): void {
  const open: Place[] = [{ value: root, depth: 0, key: name, parent: undefined }]
  for (let place = open.pop(); place; place = open.pop()) {
    const { value, depth } = place
    if (typeof value === 'string') {
      refuseUnstorable(value, place)
    } else if (typeof value === 'object' && value !== null) {
      if (depth >= MAX_DEPTH) refuse(place, `is nested more than ${MAX_DEPTH} levels deep`)
      for (const [key, child] of Object.entries(value)) {
        const inside = { value: child, depth: depth + 1, key, parent: place }
        if (key === '__proto__') refuse(inside, 'is not an allowed name')
        if (!Array.isArray(value)) refuseUnstorable(key, inside)
        open.push(inside)
      }
    }
  }
}

function refuseUnstorable(text: string, place: Place): void {
  if (text.includes('\0')) refuse(place, 'must not contain U+0000')
  if (!text.isWellFormed()) refuse(place, 'must not contain lone surrogates')
}

function refuse(place: Place, message: string): never {
  throw invalid(pathOf(place), message)
}

function pathOf(place: Place): string {
  const keys: string[] = []
  for (let at: Place | undefined = place; at; at = at.parent) keys.unshift(at.key)
  const shown = keys.length > 8 ? [...keys.slice(0, 7), '…'] : keys
  return fieldName(shown)
}

/** How errors name a field: `body.payload.name`. What its sender named without measure is cut. */
export function fieldName(path: readonly PropertyKey[]): string {
  const short = path.map((key) => String(key).slice(0, MAX_SHOWN_CHARACTERS))
  return short.join('.').replaceAll('\0', '\\u0000').toWellFormed()
}
