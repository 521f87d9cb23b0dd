import { invalid, messageOf, ParleyError } from '#base/kernel'
import { checkText, MAX_DEPTH } from './check-text.ts'

/** Values and names in one text; far above every published payload, and checked in milliseconds. */
const MAX_VALUES = 10_000

const QUOTE = 0x22
const COMMA = 0x2c
const OPEN_BRACKET = 0x5b
const BACKSLASH = 0x5c
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

export interface JsonBounds {
  /** Values and names; 10,000 unless given. */
  maxValues?: number | undefined
  /** 64 unless given. */
  maxDepth?: number
}

/**
 * Parses JSON from outside. Depth and number of values are checked first: what is refused for them costs one look at its characters.
 * @param name what the text is, such as `body`: errors begin with it
 * @throws `invalid_request` naming what is wrong: syntax, nesting, number of values
 */
export function parseJson(text: string, name: string, bounds: JsonBounds = {}): unknown {
  checkShape(text, name, bounds)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ParleyError('invalid_request', `The ${name} is not JSON: ${messageOf(cause)}`, {
      cause,
    })
  }
}

/** The same for what may be stored: throws also for characters that cannot be. */
export function readJson(text: string, name: string, bounds: JsonBounds = {}): unknown {
  const value = parseJson(text, name, bounds)
  checkText(value, name)
  return value
}

/** One pass over the characters. What is no JSON may pass: the parser refuses it. */
function checkShape(
  text: string,
  name: string,
  { maxValues = MAX_VALUES, maxDepth = MAX_DEPTH }: JsonBounds,
): void {
  let depth = 0
  let values = 1
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at)
        break
      case COMMA:
        values += 1
        break
      case OPEN_BRACKET:
      case OPEN_BRACE:
        values += 1
        depth += 1
        if (depth > maxDepth) throw invalid(name, `is nested more than ${maxDepth} levels deep`)
        break
      case CLOSE_BRACKET:
      case CLOSE_BRACE:
        depth -= 1
        break
    }
    if (values > maxValues) throw invalid(name, `has more than ${maxValues} values`)
  }
}

/** Where the string that begins at `start` ends; the end of the text when it does not. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end - 1
    while (text.charCodeAt(before) === BACKSLASH) before -= 1
    if ((end - before) % 2 === 1) return end
  }
  return text.length
}
