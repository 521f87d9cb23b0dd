const { apply, get, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect
const { getOwnPropertyNames, is, prototype: plain } = Object
const { isArray } = Array
const { has, add } = WeakSet.prototype

/** Of what functions find in the beginning: constructors, their prototypes, and the members of both. */
const GLOBAL_DEPTH = 3
/** Of what they require: settings of a library stand deeper than its methods. */
const BUILTIN_DEPTH = 3
const LIBRARY_DEPTH = 5

interface Member {
  key: PropertyKey
  /** Of an accessor, what reads it. */
  value: unknown
  isAccessor: boolean
}

interface Noted {
  object: object
  prototype: object | null
  count: number
  members: Member[]
}

/**
 * Tells whether code has changed what all code of this process finds: globals, what objects inherit, and what modules export. What libraries
 * keep in variables of their own is not seen.
 */
export interface Leftovers {
  /** Notes what a module exports, when it is required for the first time. */
  noteModule(exported: unknown, isLibrary: boolean): void
  /** True while all that was noted is as it was. */
  areNone(): boolean
}

/** Notes the globals as they are now. */
export function openLeftovers(): Leftovers {
  const noted: Noted[] = []
  const seen = new WeakSet()

  /** Instances of the runtime's classes, such as agents of `http`, change while they are used: they are left out. */
  function note(value: unknown, depth: number, takesInstances: boolean): void {
    if (!isObject(value) || apply(has, seen, [value])) return
    if (!takesInstances && !isPlain(value)) return
    apply(add, seen, [value])
    const members: Member[] = []
    const keys = keysOf(value)
    for (let at = 0; at < keys.length; at += 1) {
      const key = keys[at] as PropertyKey
      const found = getOwnPropertyDescriptor(value, key)
      // Each evaluation of a function's source sets it anew.
      if (!found || (key === 'env' && value === process)) continue
      const isAccessor = found.get !== undefined || found.set !== undefined
      members[members.length] = { key, value: isAccessor ? found.get : found.value, isAccessor }
      if (depth > 1 && !isAccessor)
        note(found.value, depth - 1, takesInstances || key === 'prototype')
    }
    const prototype = getPrototypeOf(value)
    noted[noted.length] = { object: value, prototype, count: keys.length, members }
  }

  note(globalThis, GLOBAL_DEPTH, true)
  return {
    noteModule: (exported, isLibrary) =>
      note(exported, isLibrary ? LIBRARY_DEPTH : BUILTIN_DEPTH, isLibrary),
    areNone() {
      for (let at = 0; at < noted.length; at += 1) if (!isAsNoted(noted[at] as Noted)) return false
      return true
    },
  }
}

function isAsNoted({ object, prototype, count, members }: Noted): boolean {
  if (getPrototypeOf(object) !== prototype || keysOf(object).length !== count) return false
  for (let at = 0; at < members.length; at += 1) {
    const { key, value, isAccessor } = members[at] as Member
    const now = isAccessor ? getOwnPropertyDescriptor(object, key)?.get : get(object, key)
    if (!is(now, value)) return false
  }
  return true
}

/** Clients of HTTP keep what they share under symbols of the global object. */
function keysOf(object: object): PropertyKey[] {
  return object === globalThis ? getOwnPropertyNames(object) : ownKeys(object)
}

function isPlain(value: object): boolean {
  if (typeof value === 'function' || isArray(value)) return true
  const prototype = getPrototypeOf(value)
  return prototype === plain || prototype === null
}

function isObject(value: unknown): value is object {
  return typeof value === 'function' || (typeof value === 'object' && value !== null)
}
