import { nearestName } from '@parley/contract'

/**
 * A copy of a payload in which the members at some paths have other values. A value has the type of the one that it replaces:
 * `true` for a boolean, `3` for a number, JSON for objects and lists, text for the rest.
 * @param changes each as `payload.general.inOffHours=true`
 * @throws an `Error` that names the path, and the nearest right one or the type
 */
export function changePayload(payload: unknown, changes: readonly string[]): unknown {
  const changed = { payload: structuredClone(payload) }
  for (const change of changes) {
    const equals = change.indexOf('=')
    if (equals < 1)
      throw new Error(
        `--set ${change}: must read path=value, such as payload.general.inOffHours=true`,
      )
    put(changed, change.slice(0, equals), change.slice(equals + 1))
  }
  return changed.payload
}

function put(root: Record<string, unknown>, path: string, text: string): void {
  const names = path.split('.')
  const last = names.pop() ?? ''
  let at: unknown = root
  const passed: string[] = []
  for (const name of names) {
    at = memberOf(at, name, passed, path)
    passed.push(name)
  }
  const former = memberOf(at, last, passed, path)
  const holder = at as Record<string, unknown>
  holder[last] = valueOf(text, former, path)
}

function memberOf(holder: unknown, name: string, passed: readonly string[], path: string): unknown {
  if (typeof holder !== 'object' || holder === null) {
    throw new Error(`--set ${path}: ${passed.join('.')} is ${typeOf(holder)}, it has no members`)
  }
  if (Object.hasOwn(holder, name)) return (holder as Record<string, unknown>)[name]
  const names = Object.keys(holder)
  const nearest = nearestName(name, names)
  const right = [...passed, nearest ?? ''].join('.')
  const hint = nearest ? `did you mean ${right}?` : `there are ${names.join(', ') || 'none'}`
  throw new Error(`--set ${path}: ${passed.join('.') || 'the event'} has no "${name}"; ${hint}`)
}

function valueOf(text: string, former: unknown, path: string): unknown {
  if (typeof former === 'string') return text
  let value: unknown = text
  try {
    value = JSON.parse(text)
  } catch {
    // A text, which fits only where a text was.
  }
  if (former === null || typeOf(value) === typeOf(former)) return value
  throw new Error(
    `--set ${path}: must be ${typeOf(former)}, such as ${JSON.stringify(former)}; it is ${text}`,
  )
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
