import type { ErrorDetail } from '@parley/contract'
import { MIN_FORM_CHARACTERS } from './form-index.ts'

/** Shorter texts occur in ordinary data: masking them would spoil ids and words. */
const MIN_MASKED_CHARACTERS = MIN_FORM_CHARACTERS

/** A word as people write one. A key mixes cases, digits or signs. */
const WORD = /^(\p{Lu}?\p{Ll}+|\p{Lu}+)$/u
const NUMBER = /^[+-]?\d+([.,]\d+)*(e[+-]?\d+)?$/i
/** With the port, or as the address of a server without a path. */
const HOST = /^([a-z][a-z0-9+.-]*:\/\/)?([a-z0-9_-]+\.)+[a-z]{2,24}(:\d{1,5})?\/?$/

/** Why this text of a secret cannot be masked; `undefined` when it is masked. */
function problemOf(text: string): string | undefined {
  if (text.length < MIN_MASKED_CHARACTERS) {
    return `is shorter than ${MIN_MASKED_CHARACTERS} characters`
  }
  if (WORD.test(text)) return 'is a single word'
  if (NUMBER.test(text)) return 'is a number'
  if (HOST.test(text)) return 'is the name of a host'
  return undefined
}

/**
 * The texts of a secret that are masked wherever they occur: its text or, of a JSON secret, each of its texts and the whole.
 * What is short, a single word, a number or a host is data that occurs elsewhere, and stays readable.
 */
export function maskedTexts(value: unknown): string[] {
  const texts = leavesOf(value, 'value').map(({ text }) => text)
  if (typeof value === 'object' && value !== null) texts.push(JSON.stringify(value))
  return texts.filter((text) => problemOf(text) === undefined)
}

/** The texts and numbers of a secret that cannot be masked, each with the reason. Paths begin with `value`. */
export function unmaskedTexts(value: unknown): ErrorDetail[] {
  return leavesOf(value, 'value').flatMap(({ path, text }) => {
    const problem = problemOf(text)
    return problem === undefined ? [] : [{ path, message: problem }]
  })
}

interface Leaf {
  path: string
  text: string
}

/** Booleans and `null` are no secrets of their own. */
function leavesOf(value: unknown, path: string): Leaf[] {
  if (typeof value === 'string' || typeof value === 'number') return [{ path, text: String(value) }]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, item]) => leavesOf(item, `${path}.${name}`))
}
