import { MAX_FILLED_CHARACTERS } from './limits.ts'
import { readField } from './read-path.ts'
import { note, type Turn } from './turn.ts'
import { own, readVariable, textOf } from './variables.ts'

/** What may be a variable: `isName` says whether it is one. */
const PLACE = /\{([^{}"\\\n]{1,200})\}/g
/** JSON has no braces right around a word. */
const NAME = /^\$?[\p{L}_][\p{L}\p{N}_.$-]*$/u
const BOT_CONTEXT = '$botContext.'
const LOCATION = '$location.'
const SLOT = 'slot.'
const USER_MESSAGE = '$userMessage'
const CONVERSATION_ID = '$conversationId'

/** Slots have the names of their questions, with blanks. */
function isName(text: string): boolean {
  return NAME.test(text) || text.startsWith(`${BOT_CONTEXT}${SLOT}`)
}

/** The names that a text asks for. */
export function namesIn(text: string): string[] {
  return [...text.matchAll(PLACE)].map(([, name = '']) => name).filter(isName)
}

/** Replaces variables; an unknown one becomes empty text. `element` is the one that `[i]` of data fields means. */
export function replaceVariables(turn: Turn, text: string, element = 0): string {
  return text.replace(PLACE, (whole, name: string) =>
    isName(name) ? fill(turn, name, element) : whole,
  )
}

/**
 * The same in an address: what the consumer said is one value of it, whatever signs it has, and adds no parameter and no step of the
 * path. Where the line begins the address it may be a whole one. Variables hold parts of addresses, too, and stay as they are.
 */
export function replaceInAddress(turn: Turn, text: string, element = 0): string {
  const address = text.trim()
  const filled = address.replace(PLACE, (whole, name: string, at: number) => {
    if (!isName(name)) return whole
    const value = fill(turn, name, element)
    return name === USER_MESSAGE && at > 0 ? encodeURIComponent(value.toWellFormed()) : value
  })
  return filled.trim()
}

/** The same in text that will be read as JSON: inside of quotes a value stays what it is, outside of them it may be any JSON. */
export function replaceInJson(turn: Turn, text: string, element = 0): string {
  let isInside = false
  let done = 0
  return text.replace(PLACE, (whole, name: string, at: number) => {
    if (!isName(name)) return whole
    isInside = endsInside(text, done, at, isInside)
    done = at
    const value = fill(turn, name, element)
    return isInside ? JSON.stringify(value).slice(1, -1) : value
  })
}

/** Whether `text[to]` is inside of quotes, when `text[from]` is as told. */
function endsInside(text: string, from: number, to: number, before: boolean): boolean {
  let isInside = before
  for (let at = from; at < to; at += 1) {
    if (text[at] === '\\' && isInside) at += 1
    else if (text[at] === '"') isInside = !isInside
  }
  return isInside
}

/** A bare name that is a variable is read; all other text has its variables replaced. */
export function readOrReplace(turn: Turn, text: string): string {
  const value = readVariable(turn, text.trim())
  return value === null ? replaceVariables(turn, text) : textOf(value)
}

const PLACE_COSTS = 10

function fill(turn: Turn, name: string, element: number): string {
  const value = turn.filling > 0 ? lookUp(turn, name, element) : ''
  turn.filling -= value.length + PLACE_COSTS
  if (turn.filling > 0) return value
  note(turn, `Left out variables: a turn fills in ${MAX_FILLED_CHARACTERS} characters at most`)
  return ''
}

function lookUp(turn: Turn, name: string, element: number): string {
  if (name === USER_MESSAGE) return turn.line.text
  if (name === CONVERSATION_ID) return turn.facts.conversationId
  if (name.startsWith(LOCATION)) return locationOf(turn, name.slice(LOCATION.length))
  const plain = name.startsWith(BOT_CONTEXT) ? name.slice(BOT_CONTEXT.length) : name
  const value = readVariable(turn, plain)
  if (value !== null) return textOf(value)
  if (plain.startsWith(SLOT)) return own(turn.state.slots, plain.slice(SLOT.length)) ?? ''
  return readField(turn, plain, element) ?? ''
}

function locationOf({ facts: { location } }: Turn, part: string): string {
  if (!location) return ''
  if (part === 'latlng') return [location.lat, location.lng].filter(Boolean).join(',')
  return own(location as Record<string, string>, part) ?? ''
}
