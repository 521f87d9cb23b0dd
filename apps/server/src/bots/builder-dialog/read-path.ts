import { parseJson } from '#base/input'
import { messageOf } from '#base/kernel'
import { MAX_CARDS, MAX_VALUE_CHARACTERS, MAX_VARIABLES } from './limits.ts'
import { note, type Turn } from './turn.ts'
import { own, resultOf, textOf } from './variables.ts'

const FIELD = /^\{\$\.(.{1,1000})\}$/s
const EACH = '[i]'
const BOUNDS = { maxValues: 100_000 }

/**
 * A custom data field: `integration.key`, where the field's value is `{$.api_NAME.path}` with `[0]` for one element and `[i]` for each.
 * @param element which one `[i]` means
 * @returns `undefined` when there is no such field
 */
export function readField(turn: Turn, name: string, element: number): string | undefined {
  const found = fieldOf(turn, name)
  return found && valueOf(found, element)
}

/** The fields of what integrations have answered as code reads them: `integration.key`, and how many there are as `integration.key.count`. */
export function readFields(turn: Turn): Record<string, string> {
  if (Object.keys(turn.state.results).length === 0) return {}
  const values = turn.bot.fieldNames.slice(0, MAX_VARIABLES).flatMap((name) => {
    const found = fieldOf(turn, name)
    if (found?.data === undefined) return []
    const text = valueOf(found, 0)
    return [
      [name, text.slice(0, MAX_VALUE_CHARACTERS)],
      [`${name}.count`, String(listOf(found)?.length ?? (text === '' ? 0 : 1))],
    ]
  })
  return Object.fromEntries(values)
}

/** How many elements the `[i]` of these fields stands for; `undefined` when none of them has one. */
export function countElements(turn: Turn, names: readonly string[]): number | undefined {
  const lists = names.flatMap((name) => {
    const found = fieldOf(turn, name)
    if (!found?.path.includes(EACH)) return []
    return [listOf(found)?.length ?? 0]
  })
  return lists.length === 0 ? undefined : Math.min(MAX_CARDS, Math.max(...lists))
}

interface Field {
  data: unknown
  path: string
}

function valueOf({ data, path }: Field, element: number): string {
  return textOf(follow(data, path.replaceAll(EACH, `[${element}]`)))
}

/** What `[i]` goes through; without one the value itself, where it is a list. */
function listOf({ data, path }: Field): unknown[] | undefined {
  const [before = ''] = path.split(EACH)
  const list = follow(data, before)
  return Array.isArray(list) ? list : undefined
}

function fieldOf(turn: Turn, name: string): Field | undefined {
  const dot = name.indexOf('.')
  if (dot < 0) return undefined
  const responder = turn.bot.responderBy(name.slice(0, dot))
  const field = responder && turn.bot.fieldOf(responder, name.slice(dot + 1))
  if (!responder || !field) return undefined
  const [, path] = FIELD.exec(field.trim()) ?? []
  const text = own(turn.state.results, resultOf(responder))
  if (path === undefined || text === undefined) return { data: undefined, path: path ?? '' }
  if (turn.read.has(text)) return { data: turn.read.get(text), path }
  let data: unknown
  try {
    data = parseJson(text, responder.name, BOUNDS)
  } catch (error) {
    note(turn, `The field "${name}" cannot be read: ${messageOf(error)}`)
  }
  turn.read.set(text, data)
  return { data, path }
}

/** @param path such as `api_NAME.items[0].name` */
function follow(data: unknown, path: string): unknown {
  let at = data
  for (const step of path.replaceAll('[', '.').replaceAll(']', '').split('.')) {
    if (step === '') continue
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined
    at = (at as Record<string, unknown>)[step]
  }
  return at
}
