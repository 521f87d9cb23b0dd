import { AccountSettings } from '@parley/contract'
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

interface Shape {
  type?: string
  enum?: string[]
  default?: number | string | null
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  properties?: Record<string, Shape>
  anyOf?: Shape[]
}

/** What cannot be a number that somebody has set as a bound. */
const UNBOUNDED = Number.MAX_SAFE_INTEGER

/** The figures and choices of a group, in the order of its schema. Lists and records have pages of their own. */
export function fieldsOf(group: GroupName): FieldOfGroup[] {
  const shape = z.toJSONSchema(AccountSettings.shape[group], {
    io: 'input',
    unrepresentable: 'any',
  }) as unknown as Shape
  return within(shape, '')
}

function within({ properties = {} }: Shape, path: string): FieldOfGroup[] {
  return Object.entries(properties).flatMap(([key, shape]) => {
    const name = `${path}${key}`
    if (shape.type === 'object') return within(shape, `${name}.`)
    const own = shape.anyOf?.find(({ type }) => type !== 'null') ?? shape
    const isChoice = own.enum !== undefined
    if (!isChoice && own.type !== 'integer' && own.type !== 'number') return []
    return {
      name,
      kind: isChoice ? 'choice' : 'number',
      choices: own.enum ?? [],
      initial: shape.default ?? null,
      mayBeNull: shape.anyOf?.some(({ type }) => type === 'null') ?? false,
      least: bound(own.minimum ?? plusOne(own.exclusiveMinimum)),
      most: bound(own.maximum),
    }
  })
}

function plusOne(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value + 1
}

function bound(value: number | undefined): number | undefined {
  return value === undefined || Math.abs(value) >= UNBOUNDED ? undefined : value
}

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
