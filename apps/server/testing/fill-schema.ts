import type * as z from 'zod'

/** How large a value for a schema becomes. */
export interface Filling {
  /** Values in all, as far as the schema takes them. */
  values: number
  /** Of each text. */
  characters: number
  /** How deep schemas that contain themselves are followed. */
  depth: number
  /** Which option of a union is taken. */
  option: number
  /** Gets the values that schemas name, such as those that say of which kind an object is. */
  kinds?: Set<unknown>
}

/** What texts with a pattern may want, shortest first. */
const TEXTS = [
  '1',
  'a',
  'a1',
  '1001',
  'en',
  '10:00',
  'UTC',
  '#00ff00',
  '+491234567',
  'example.com',
  'a@example.com',
  'https://example.com/a.png',
  '2026-01-05',
  '2026-01-05T10:00:00.000Z',
  '* * * * *',
  '0'.repeat(32),
  '8c4b1d8e-6c53-4f0e-9a4f-2f8f0b0a7e11',
  'YWJj',
]
const NUMBERS = [1, 0, 100, 1001, 1_000_000, 1_767_607_200_000, 0.5, -1]

/** What only prepares a value, or checks it, for what follows. */
const UNTYPED = new Set(['transform', 'unknown'])

/** How many values more than it should a filling may have for what schemas require. */
const MAX_OVER = 1000

/** A value that the schema accepts, or nearly, filled to a size. What it cannot know, such as a rule between fields, it leaves broken. */
export function fillSchema(schema: z.ZodType, filling: Filling): unknown {
  const left = { values: filling.values }
  const texts = new Map<z.core.$ZodType, string>()
  return fill(schema, 0)

  function fill(type: z.core.$ZodType, depth: number): unknown {
    left.values -= 1
    if (left.values < -MAX_OVER) return null
    const { def } = type._zod as z.core.$ZodTypes['_zod']
    switch (def.type) {
      case 'object':
        return Object.fromEntries(
          Object.entries(def.shape).map(([name, member]) => [name, fill(member, depth + 1)]),
        )
      case 'array':
        return listOf(limitOf(type, 'minimum', 0), limitOf(type, 'maximum', Infinity), () =>
          fill(def.element, depth + 1),
        )
      case 'set':
        return []
      case 'record': {
        const max = accepts(def.keyType, 'a0') ? Infinity : 1
        const name = max === 1 ? textFor(def.keyType) : 'a'
        return Object.fromEntries(
          listOf(0, max, (at) => [
            max === 1 ? name : `${name}${at}`,
            fill(def.valueType, depth + 1),
          ]),
        )
      }
      case 'tuple':
        return def.items.map((item) => fill(item, depth + 1))
      case 'union': {
        const at = depth > filling.depth ? 0 : filling.option % def.options.length
        return fill(def.options.at(at) ?? type, depth)
      }
      case 'intersection':
        return { ...Object(fill(def.left, depth)), ...Object(fill(def.right, depth)) }
      case 'lazy':
        return depth > filling.depth ? null : fill(def.getter(), depth)
      case 'optional':
      case 'nullable':
      case 'default':
      case 'prefault':
      case 'readonly':
      case 'nonoptional':
      case 'catch':
        return fill(def.innerType, depth)
      case 'pipe':
        return fill(UNTYPED.has(def.in._zod.def.type) ? def.out : def.in, depth)
      case 'literal':
        return kind(def.values[0])
      case 'enum':
        return kind(Object.values(def.entries)[0])
      case 'string':
        return textFor(type)
      case 'number':
        return accepted(type, NUMBERS) ?? limitOf(type, 'minimum', 1)
      case 'boolean':
        return true
      case 'null':
        return null
      default:
        return anything()
    }
  }

  /** At least `min` items, then more while there are values left. */
  function listOf<T>(min: number, max: number, make: (at: number) => T): T[] {
    const items: T[] = []
    while (items.length < min || (items.length < max && left.values > 0))
      items.push(make(items.length))
    return items
  }

  function textFor(type: z.core.$ZodType): string {
    const known = texts.get(type)
    if (known !== undefined) return known
    const long = 'a'.repeat(Math.min(filling.characters, limitOf(type, 'maximum', Infinity)))
    const text = accepts(type, long) ? long : (accepted(type, TEXTS) ?? long)
    texts.set(type, text)
    return text
  }

  function kind(value: unknown): unknown {
    filling.kinds?.add(value)
    return value
  }

  function anything(): unknown {
    let inside: unknown = 'a'
    for (let depth = 0; depth < Math.min(filling.depth, 20); depth += 1) inside = [inside]
    const list = listOf(0, filling.values, (at) => (left.values -= 1) && at)
    return { inside, list }
  }
}

/** What the checks of a schema say of its length or its value. */
function limitOf(type: z.core.$ZodType, name: 'minimum' | 'maximum', otherwise: number): number {
  const limits = (type._zod.def.checks ?? []).flatMap((check) => {
    const def: object = check._zod.def
    const value = 'value' in def ? def.value : undefined
    if ('length' in def) return [def.length]
    if (name in def) return [def[name as keyof typeof def]]
    const isBound = check._zod.def.check === (name === 'minimum' ? 'greater_than' : 'less_than')
    return isBound ? [value] : []
  })
  const numbers = limits.filter((limit) => typeof limit === 'number')
  if (numbers.length === 0) return otherwise
  return name === 'minimum' ? Math.max(...numbers) : Math.min(...numbers)
}

function accepted<T>(type: z.core.$ZodType, candidates: readonly T[]): T | undefined {
  return candidates.find((candidate) => accepts(type, candidate))
}

function accepts(type: z.core.$ZodType, value: unknown): boolean {
  const result = type._zod.run({ value, issues: [] }, { async: false })
  return !(result instanceof Promise) && result.issues.length === 0
}

export interface FoundSchema {
  name: string
  /** What its route says of the number of values. */
  maxValues: number | undefined
}

/** Every schema among values such as the exports of a module: also inside route specs and other groups of schemas. */
export function schemasIn(
  value: unknown,
  name: string,
  found = new Map<z.ZodType, FoundSchema>(),
  maxValues?: number,
) {
  if (typeof value !== 'object' || value === null) return found
  if (isSchema(value)) {
    const { maxValues: known = 0 } = found.get(value) ?? {}
    if (!found.has(value) || known < (maxValues ?? 0)) found.set(value, { name, maxValues })
    return found
  }
  const own = 'maxValues' in value ? Number(value.maxValues) : undefined
  for (const [key, member] of Object.entries(value)) {
    schemasIn(member, `${name} ${key}`, found, key === 'body' ? own : undefined)
  }
  return found
}

function isSchema(value: object): value is z.ZodType {
  return '_zod' in value && 'safeParse' in value
}
