import { AccountSettings, type AccountSettingsChange } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import { invalidRequest } from '#base/http'

type Json = AccountSettingsChange[string]
type Tree = Record<string, Json>

const DEFAULTS = AccountSettings.parse({}) as Tree

/**
 * What differs from the defaults after a change. A `null` sets a setting that may be null, and takes any other back
 * to its default.
 */
export function mergeSettings(stored: Tree, wanted: Tree): Tree {
  refuseUnknown(wanted, DEFAULTS, 'body')
  const merged = merge(stored, wanted)
  const parsed = AccountSettings.safeParse(merged)
  if (parsed.success) return merged
  for (const { path } of parsed.error.issues) dropNull(merged, path)
  const again = AccountSettings.safeParse(merged)
  if (!again.success) throw invalidRequest(again.error, 'body')
  return merged
}

function merge(stored: Tree, wanted: Tree): Tree {
  const merged = structuredClone(stored)
  for (const [name, value] of Object.entries(wanted)) {
    const before = merged[name]
    merged[name] = isTree(value) ? merge(isTree(before) ? before : {}, value) : value
  }
  return merged
}

function refuseUnknown(wanted: Tree, known: Tree, path: string): void {
  for (const [name, value] of Object.entries(wanted)) {
    const at = `${path}.${name}`
    if (!Object.hasOwn(known, name)) {
      throw new ParleyError('invalid_request', `${at}: there is no such setting`, {
        details: [{ path: at, message: 'there is no such setting' }],
      })
    }
    const inside = known[name]
    // Settings by skill have names of the account's own, and none by default.
    if (isTree(value) && isTree(inside) && Object.keys(inside).length > 0) {
      refuseUnknown(value, inside, at)
    }
  }
}

function dropNull(tree: Tree, [name, ...rest]: readonly PropertyKey[]): void {
  if (typeof name !== 'string') return
  const value = tree[name]
  if (isTree(value)) dropNull(value, rest)
  else if (value === null) delete tree[name]
}

function isTree(value: Json | undefined): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
