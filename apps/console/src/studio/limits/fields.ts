import { AccountSettings, innerSchema } from '@parley/contract'
import * as z from 'zod'
import type { GroupName } from './path.ts'

/** A figure, a choice, or `null`: without limit, or for ever. A figure that is being typed is a text. */
export type Value = number | string | null

/** One setting as its schema has it. */
export interface FieldOfGroup {
  /** With a dot where it stands in a part of the group. */
  name: string
  kind: 'number' | 'choice'
  choices: readonly string[]
  initial: Value
  mayBeNull: boolean
  least: number | undefined
  most: number | undefined
}

/** The figures and choices of a group, in the order of its schema. Lists and records have pages of their own. */
export function fieldsOf(group: GroupName): FieldOfGroup[] {
  return within(AccountSettings.shape[group], '')
}

function within(schema: z.ZodType, path: string): FieldOfGroup[] {
  const own = innerSchema(schema)
  if (own instanceof z.ZodObject) {
    return Object.entries(own.shape).flatMap(([key, field]) =>
      within(field as z.ZodType, path === '' ? key : `${path}.${key}`),
    )
  }
  const isChoice = own instanceof z.ZodEnum
  if (!isChoice && !(own instanceof z.ZodNumber)) return []
  const initial = schema.safeParse(undefined).data
  return [
    {
      name: path,
      kind: isChoice ? 'choice' : 'number',
      choices: isChoice ? own.options.map(String) : [],
      initial: typeof initial === 'number' || typeof initial === 'string' ? initial : null,
      mayBeNull: schema.safeParse(null).success,
      ...boundsOf(own),
    },
  ]
}

/** What its checks let through. The console has no JSON schemas, which would say the same. */
function boundsOf(schema: z.ZodType): Pick<FieldOfGroup, 'least' | 'most'> {
  let [least, most]: (number | undefined)[] = []
  for (const { _zod: check } of schema.def.checks ?? []) {
    const { check: kind, value, inclusive } = check.def as CheckDef
    if (kind === 'greater_than') least = Number(value) + (inclusive ? 0 : 1)
    if (kind === 'less_than') most = Number(value) - (inclusive ? 0 : 1)
  }
  return { least, most }
}

type CheckDef = z.core.$ZodCheckLessThanDef | z.core.$ZodCheckGreaterThanDef

/** The value of a field in the settings of its group. */
export function valueOf(group: object, name: string): Value {
  let at: unknown = group
  for (const part of name.split('.')) {
    at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[part] : undefined
  }
  return typeof at === 'number' || typeof at === 'string' ? at : null
}

/** `{ ttr: { URGENT: 5 } }` for `ttr.URGENT`. */
export function nested(values: Readonly<Record<string, Value>>) {
  type Tree = { [name: string]: Value | Tree }
  const tree: Tree = {}
  for (const [name, value] of Object.entries(values)) {
    const parts = name.split('.')
    const last = parts.pop() ?? name
    let at = tree
    for (const part of parts) at = (at[part] ??= {}) as Tree
    at[last] = value
  }
  return tree
}
