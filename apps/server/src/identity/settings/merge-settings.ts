import { AccountSettings, type AccountSettingsChange, AllSettings } from '@parley/contract'
import { invalidRequest } from '#base/http'

type Json = AccountSettingsChange[string]
type Tree = Record<string, Json>

/**
 * What differs from the defaults after a change. A `null` sets a setting that may be null, and takes any other back
 * to its default.
 */
export function mergeSettings(stored: Tree, wanted: Tree): Tree {
  const merged = merge(stored, wanted)
  const parsed = AccountSettings.safeParse(merged)
  if (parsed.success) return merged
  for (const { path } of parsed.error.issues) dropNull(merged, path)
  const again = AccountSettings.safeParse(merged)
  if (!again.success) throw invalidRequest(again.error, 'body')
  return merged
}

/** Settings as they were stored, also by an earlier version: a `null` that is no value any more is the default. */
export function readSettings(stored: Tree): AllSettings {
  const parsed = AllSettings.safeParse(stored)
  if (parsed.success) return parsed.data
  const told = structuredClone(stored)
  for (const { path } of parsed.error.issues) dropNull(told, path)
  return AllSettings.parse(told)
}

function merge(stored: Tree, wanted: Tree): Tree {
  const merged = structuredClone(stored)
  for (const [name, value] of Object.entries(wanted)) {
    const before = merged[name]
    merged[name] = isTree(value) ? merge(isTree(before) ? before : {}, value) : value
  }
  return merged
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
