import type * as z from 'zod'
import { fillSchema } from './fill-schema.ts'

/** Texts that nobody sends who means well. */
export const ODD_TEXTS: readonly string[] = [
  '',
  ' ',
  'x',
  '-1',
  '0',
  '1e309',
  'NaN',
  '2147483648',
  '9007199254740993',
  '1,2',
  ',',
  '*',
  '\0',
  '\ud800',
  '__proto__',
  '%',
  '0000-00-00',
  '2026-13-45',
  '9999-12-31T23:59:59.999Z',
  '+275760-09-13T00:00:00.000Z',
  '-271821-04-20T00:00:00.000Z',
  '../..',
  'x'.repeat(5000),
  'https://a',
  'javascript:1',
  'a@b',
  'Europe/Nowhere',
  'zz-zz',
  '\u202e\u0007',
]

const ODD_VALUES: readonly unknown[] = [
  ...ODD_TEXTS,
  null,
  true,
  -1,
  0,
  0.1,
  1e308,
  -1e308,
  2_147_483_648,
  9_007_199_254_740_991,
  8.64e15 + 1,
  {},
  [],
  [null],
  [[]],
  { length: -1 },
  { toString: 1 },
  ['x', 'x'],
  { '': '' },
]

/** The value with its leaves changed, in their order; empty lists and objects are leaves. */
export function mapLeaves(value: unknown, change: (leaf: unknown) => unknown): unknown {
  if (Array.isArray(value) && value.length > 0) return value.map((item) => mapLeaves(item, change))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return change(value)
  const members = Object.entries(value)
  if (members.length === 0) return change(value)
  return Object.fromEntries(members.map(([name, member]) => [name, mapLeaves(member, change)]))
}

/** A value of the schema in which one leaf or a few are odd. */
export function nearly(schema: z.ZodType, roll: (sides: number) => number): unknown {
  const value = fillSchema(schema, { values: 3, characters: 8, depth: 3, option: roll(3) })
  let leaves = 0
  mapLeaves(value, () => (leaves += 1))
  const odd = new Set([roll(leaves + 1), ...(roll(4) === 0 ? [roll(leaves + 1)] : [])])
  return mapLeaves(value, (leaf) => {
    leaves -= 1
    return odd.has(leaves) ? ODD_VALUES[roll(ODD_VALUES.length)] : leaf
  })
}

/** What columns, dates and lists of a database cannot hold. */
export const BEYOND: readonly unknown[] = [2_147_483_648, 9_007_199_254_740_991, -1, 1e308, 'x', {}]

/** Values of the schema, in each of which one leaf is replaced: every leaf by every one of `others`. */
export function eachLeaf(schema: z.ZodType, others: readonly unknown[]): unknown[] {
  const value = fillSchema(schema, { values: 3, characters: 8, depth: 2, option: 0 })
  let leaves = 0
  mapLeaves(value, () => (leaves += 1))
  return Array.from({ length: leaves }, (_, wanted) =>
    others.map((other) => {
      let at = -1
      return mapLeaves(value, (leaf) => ((at += 1) === wanted ? other : leaf))
    }),
  ).flat()
}
