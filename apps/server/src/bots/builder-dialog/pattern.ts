import { MAX_PATTERN_CHARACTERS } from '@parley/contract'
import { plain } from './plain.ts'

/**
 * Patterns of starters and rules (`spec/conversation-builder.md`, Patterns): the whole line must match, case ignored, `*` stands for any
 * characters, `(a|b)` for alternatives. A set of states is carried over the line, so that no pattern takes more than
 * `length of the pattern × length of the line` steps. What is left of `effort` bounds the steps of many patterns.
 */
export type Pattern = (line: Letters, effort: Effort) => boolean

/** A line as patterns look at it: made once for all of them. */
export type Letters = readonly string[]

export function lettersOf(text: string): Letters {
  return Array.from(plain(text))
}

/** How many steps patterns may still take; below 0 nothing matches any more. */
export interface Effort {
  left: number
}

/** A state: goes on with a character, with any character (and stays), or freely to others. */
type State =
  | { kind: 'character'; value: string; to: number }
  | { kind: 'any'; to: number }
  | { kind: 'free'; to: number[] }
  | { kind: 'end' }

const OPEN = '('
const CLOSE = ')'

/** @throws an `Error` that says what is wrong with the pattern */
export function compilePattern(text: string): Pattern {
  if (text.length > MAX_PATTERN_CHARACTERS) {
    throw new Error(`must have at most ${MAX_PATTERN_CHARACTERS} characters`)
  }
  const letters = lettersOf(text)
  const states: State[] = []
  const add = (state: State) => states.push(state) - 1

  /** Where each bracket that is opened here closes; brackets without their other half stand for themselves. */
  const closes = pairsOf(letters)

  /** Builds the states of `letters[from..to)`, back to front, and answers their entry. */
  function sequence(from: number, to: number, after: number): number {
    const parts: { at: number; end: number }[] = []
    for (let at = from; at < to; at += 1) {
      const end = closes.get(at) ?? at
      parts.push({ at, end })
      at = end
    }
    let next = after
    for (const { at, end } of parts.toReversed()) {
      if (end > at) next = add({ kind: 'free', to: alternatives(at + 1, end, next) })
      else if (letters[at] === '*') next = add({ kind: 'any', to: next })
      else next = add({ kind: 'character', value: letters[at] ?? '', to: next })
    }
    return next
  }

  function alternatives(from: number, to: number, after: number): number[] {
    const entries: number[] = []
    let start = from
    for (let at = from; at < to; at += 1) {
      const end = closes.get(at)
      if (end !== undefined) at = end
      else if (letters[at] === '|') {
        entries.push(sequence(start, at, after))
        start = at + 1
      }
    }
    entries.push(sequence(start, to, after))
    return entries
  }

  const entry = sequence(0, letters.length, add({ kind: 'end' }))
  return (line, effort) => matches(states, entry, line, effort)
}

function pairsOf(letters: readonly string[]): Map<number, number> {
  const open: number[] = []
  const pairs = new Map<number, number>()
  for (const [at, letter] of letters.entries()) {
    if (letter === OPEN) open.push(at)
    const start = letter === CLOSE ? open.pop() : undefined
    if (start !== undefined) pairs.set(start, at)
  }
  return pairs
}

function matches(states: readonly State[], entry: number, line: Letters, effort: Effort): boolean {
  let now = reach(states, [entry], effort)
  for (const letter of line) {
    if (now.size === 0) return false
    const next: number[] = []
    for (const at of now) {
      const state = states[at]
      if (state?.kind === 'any') next.push(at)
      if (state?.kind === 'character' && state.value === letter) next.push(state.to)
    }
    now = reach(states, next, effort)
  }
  return [...now].some((at) => states[at]?.kind === 'end')
}

/** All states that are reached without a character; none when the effort is used up. */
function reach(states: readonly State[], from: readonly number[], effort: Effort): Set<number> {
  const reached = new Set<number>()
  const open = [...from]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (reached.has(at)) continue
    effort.left -= 1
    if (effort.left < 0) return new Set()
    reached.add(at)
    const state = states[at]
    if (state?.kind === 'free') open.push(...state.to)
    if (state?.kind === 'any') open.push(state.to)
  }
  return reached
}
