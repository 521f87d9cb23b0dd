import { globSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type * as z from 'zod'
import { readJson } from '#base/input'
import { ParleyError } from '#base/kernel'
import {
  anchoredCpuMs,
  type Filling,
  fillSchema,
  type FoundSchema,
  mapLeaves,
  schemasIn,
} from '#testing'
import { invalidRequest } from '#base/http'

/** Of the main thread, for one message. */
const MAX_CPU_MS = 50
/** The largest body and more than the largest frame. */
const MAX_CHARACTERS = 1_048_576
/** Unless the schema's route says otherwise. */
const MAX_VALUES = 10_000

const root = join(import.meta.dirname, '../../../../..')
const files = globSync(['packages/contract/src/**/*.ts', 'apps/server/src/**/specs.ts'], {
  cwd: root,
})
const schemas = new Map<z.ZodType, FoundSchema>()
for (const file of files.filter((name) => !name.endsWith('.test.ts'))) {
  schemasIn(await import(join(root, file)), file, schemas)
}

/** Texts that are long, and nearly what a pattern asks for. */
const NEARLY = [
  'a',
  '1',
  ' ',
  '-',
  'a.',
  'a@a.',
  'a,',
  '*',
  '* ',
  '<a ',
  '{a',
  '%41',
  'https://a/',
  '\u00e4\ud83d\ude00',
].map((part) => (length: number) => `${part.repeat(Math.ceil(length / part.length))}!`)

/** What no schema needs to be known for. */
const SHAPES = [
  '['.repeat(MAX_CHARACTERS),
  '{"a":'.repeat(MAX_CHARACTERS / 5),
  `[${'0,'.repeat(MAX_CHARACTERS / 2 - 2)}0]`,
  `[${'{},'.repeat(MAX_CHARACTERS / 3 - 2)}0]`,
  `{${'"":0,'.repeat(MAX_CHARACTERS / 5 - 2)}"a":0}`,
  `{${Array.from({ length: 60_000 }, (_, at) => `"a${at}":0,`).join('')}"a":0}`,
  `"${'\\u0000'.repeat(MAX_CHARACTERS / 6 - 1)}"`,
  `{"a":"${'\\"'.repeat(MAX_CHARACTERS / 2 - 10)}"}`,
  `{"${'a'.repeat(MAX_CHARACTERS - 10)}":0}`,
]

/** A message that is long, deep and valid, and some in which one thing or everything is not. */
function* messages(schema: z.ZodType, maxValues: number): Generator<string> {
  const tenth = (option: number) =>
    JSON.stringify(fillSchema(schema, { values: maxValues / 10, characters: 1, depth: 56, option }))
  const [first, second, last] = [tenth(0), tenth(1), tenth(-1)]
  const options = [0, ...(second === first ? [] : [1]), ...(last === first ? [] : [-1])]
  const sizes = [
    ...options.map((option) => ({ values: maxValues * 0.9, depth: 56, option })),
    // Within the bounds that a schema has of its own.
    { values: 2500, depth: 28, option: -1 },
  ]
  for (const size of sizes) {
    const kinds = new Set()
    const full = whole(schema, { ...size, characters: 100, kinds })
    // What is read gets as far as the kinds of objects let it.
    const most = mapLeaves(full, (leaf) => (kinds.has(leaf) ? leaf : {}))
    yield* [full, most, spoilLast(full), withOtherNames(full)].map((value) => JSON.stringify(value))
  }
  const small = fillSchema(schema, { values: 1, characters: 10, depth: 2, option: -1 })
  const texts = count(small, 'string')
  if (texts === 0) return
  const length = Math.floor(MAX_CHARACTERS / 2 / texts)
  for (const nearly of NEARLY) {
    const message = (part: number) => JSON.stringify(mapLeaves(small, () => nearly(length / part)))
    // Even where time grows with the square of the length, the whole one takes sixteen times as long.
    const quarter = message(4)
    if (onceMs(() => read(schema, quarter, maxValues)) > MAX_CPU_MS / 16) yield message(1)
  }
}

/** As large as a body may be. */
function whole(schema: z.ZodType, filling: Filling): unknown {
  for (let values = filling.values; ; values = Math.floor(values / 2)) {
    const value = fillSchema(schema, { ...filling, values })
    if ((JSON.stringify(value) ?? '').length < MAX_CHARACTERS * 0.9 || values < 10) return value
  }
}

function count(value: unknown, type: string): number {
  let found = 0
  mapLeaves(value, (leaf) => {
    if (typeof leaf === type) found += 1
  })
  return found
}

function spoilLast(value: unknown): unknown {
  let left = 0
  mapLeaves(value, () => (left += 1))
  return mapLeaves(value, (leaf) => {
    left -= 1
    return left === 0 ? {} : leaf
  })
}

function withOtherNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withOtherNames)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(([name, member]) => [name, withOtherNames(member)])
  return { ...Object.fromEntries(members), other: 0 }
}

/** Reads a message as a route does. */
function read(schema: z.ZodType, text: string, maxValues?: number): void {
  try {
    const value = readJson(text, 'body', { maxValues })
    const parsed = schema.safeParse(value)
    if (!parsed.success) throw invalidRequest(parsed.error, 'body')
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error
  }
}

/** Of this thread, whatever the machine. */
function onceMs(work: () => void): number {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}

/** The same of an ordinary machine; the least of several tries, because a collection of garbage may fall into one. */
function cpuMs(work: () => void): number {
  let least = onceMs(work)
  for (let tries = 0; tries < 12 && least > MAX_CPU_MS; tries += 1) {
    least = Math.min(least, anchoredCpuMs(work))
  }
  return least
}

test('there are schemas', () => {
  expect(schemas.size).toBeGreaterThan(300)
})

test('text of any shape takes at most 50 ms to be refused', () => {
  const [[schema] = []] = schemas
  const slow = SHAPES.filter((shape) => cpuMs(() => read(schema!, shape)) > MAX_CPU_MS)
  expect(slow.map((shape) => shape.slice(0, 30))).toEqual([])
})

test('no message takes more than 50 ms to be read or refused, whatever schema reads it', () => {
  const slow: [name: string, message: string, ms: number][] = []
  for (const [schema, { name, maxValues }] of schemas) {
    for (const text of new Set(messages(schema, maxValues ?? MAX_VALUES))) {
      if (text === undefined || text.length > MAX_CHARACTERS) continue
      const ms = cpuMs(() => read(schema, text, maxValues))
      if (ms > MAX_CPU_MS) slow.push([name, `${text.slice(0, 60)}…`, ms])
    }
  }
  expect(slow).toEqual([])
}, 900_000)
