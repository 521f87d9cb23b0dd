import { ParleyError } from '#base/kernel'

/** Deep enough for every published payload, far from what could exhaust the stack of a recursive reader. */
const MAX_DEPTH = 64

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
  const path = pathOf(place)
  throw new ParleyError('invalid_request', `${path} ${message}`, { details: [{ path, message }] })
}

function pathOf(place: Place): string {
  const keys: string[] = []
  for (let at: Place | undefined = place; at; at = at.parent) keys.unshift(at.key)
  const shown = keys.length > 8 ? [...keys.slice(0, 7), '…'] : keys
  return shown.join('.').replaceAll('\0', '\\u0000').toWellFormed()
}
