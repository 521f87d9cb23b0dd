import type { BotResponder } from '@parley/contract'
import {
  MAX_NAME_CHARACTERS,
  MAX_RESULT_CHARACTERS,
  MAX_RESULTS,
  MAX_RESULTS_CHARACTERS,
  MAX_SCOPE_CHARACTERS,
  MAX_VALUE_CHARACTERS,
  MAX_VARIABLES,
} from './limits.ts'
import { note, type Turn } from './turn.ts'

/** How long a variable lives: this message, this dialog, this conversation, or as long as its consumer. */
export type VariableScope = 'REQUEST' | 'DIALOG' | 'SESSION' | 'FOREVER'

const KEPT = { DIALOG: 'dialog', SESSION: 'session', FOREVER: 'forever' } as const

/**
 * Sets a variable; `null` removes it. A value keeps its type in this turn and is text afterwards. What a shorter scope has kept under the
 * name is gone: it would be read first.
 */
export function setVariable(turn: Turn, name: string, value: unknown, scope: VariableScope): void {
  if (isResult(value)) {
    if (setResult(turn, name, value.jsonData)) return
  }
  if (name === '' || name.length > MAX_NAME_CHARACTERS) {
    return note(turn, `A variable's name must have 1 to ${MAX_NAME_CHARACTERS} characters`)
  }
  const text = textOf(value)
  if (text.length > MAX_VALUE_CHARACTERS) {
    return note(turn, `"${name}" was not set: it has more than ${MAX_VALUE_CHARACTERS} characters`)
  }
  turn.values.set(name, value ?? null)
  if (scope === 'REQUEST') return
  const { dialog, session } = turn.state.variables
  const kept = turn.state.variables[KEPT[scope]]
  const shorter = { DIALOG: [], SESSION: [dialog], FOREVER: [dialog, session] }[scope]
  if (value === null || value === undefined) forget([...shorter, kept], name)
  else if (Object.keys(kept).length >= MAX_VARIABLES && !Object.hasOwn(kept, name)) {
    note(turn, `"${name}" was not kept: there are ${MAX_VARIABLES} variables already`)
  } else if (
    charactersOf(kept) - (own(kept, name)?.length ?? 0) + text.length >
    MAX_SCOPE_CHARACTERS
  ) {
    note(turn, `"${name}" was not kept: all variables have ${MAX_SCOPE_CHARACTERS} characters`)
  } else {
    forget(shorter, name)
    setOwn(kept, name, text)
  }
}

function forget(scopes: readonly Record<string, string>[], name: string): void {
  for (const kept of scopes) delete kept[name]
}

/** `null` when there is none. */
export function readVariable(turn: Turn, name: string): unknown {
  if (turn.values.has(name)) return turn.values.get(name)
  const { dialog, session, forever } = turn.state.variables
  for (const kept of [dialog, session, forever]) if (Object.hasOwn(kept, name)) return kept[name]
  const jsonData = own(turn.state.results, name)
  return jsonData === undefined ? null : { jsonData }
}

/** All variables, for code. */
export function allVariables(turn: Turn): Record<string, unknown> {
  const { dialog, forever, session } = turn.state.variables
  const results = Object.entries(turn.state.results).map(([name, jsonData]) => [name, { jsonData }])
  return {
    ...Object.fromEntries(results),
    ...forever,
    ...session,
    ...dialog,
    ...Object.fromEntries(turn.values),
  }
}

/** The variable that keeps the result of an integration. One that names none has its own name. */
export function resultOf({
  name,
  responseDataVariable,
}: Pick<BotResponder, 'name' | 'responseDataVariable'>): string {
  return `api_${responseDataVariable || name}`
}

/** Keeps what an integration has answered; false when it is too large. */
export function setResult(turn: Turn, name: string, jsonData: string): boolean {
  const { results } = turn.state
  if (jsonData.length > MAX_RESULT_CHARACTERS) {
    note(turn, `"${name}" was not kept: it has more than ${MAX_RESULT_CHARACTERS} characters`)
    return false
  }
  delete results[name]
  // Those that were set first go: names of results come from the file and from code.
  for (const first of Object.keys(results)) {
    const isFull = Object.keys(results).length >= MAX_RESULTS
    if (!isFull && charactersOf(results) + jsonData.length <= MAX_RESULTS_CHARACTERS) break
    delete results[first]
  }
  setOwn(results, name, jsonData)
  turn.values.delete(name)
  return true
}

function charactersOf(texts: Record<string, string>): number {
  return Object.values(texts).reduce((sum, { length }) => sum + length, 0)
}

function isResult(value: unknown): value is { jsonData: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'jsonData' in value &&
    typeof value.jsonData === 'string'
  )
}

/** How a value reads in a text. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  return typeof value === 'object' ? JSON.stringify(value) : String(value as number | boolean)
}

export function own<Value>(record: Record<string, Value>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

/** Names come from customers: `__proto__` is one like the others. */
function setOwn(record: Record<string, string>, name: string, value: string): void {
  Object.defineProperty(record, name, {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  })
}
