import type { StructuredContent } from '@parley/contract'
import { beginningOf } from '#base/input'
import type { BuilderBot } from './bot.ts'
import {
  MAX_CARD_TEXT_CHARACTERS,
  MAX_DELAY_MS,
  MAX_NOTES,
  MAX_OUTPUTS,
  MAX_QUICK_REPLIES,
  MAX_TEXT_CHARACTERS,
  MAX_TITLE_CHARACTERS,
} from './limits.ts'
import type { ConversationFacts, Metadata, Outside } from './outside.ts'
import type { Effort, Letters } from './pattern.ts'
import type { DialogState } from './state.ts'

export interface QuickReplyOffer {
  title: string
  payload: string
}

interface Offers {
  quickReplies?: QuickReplyOffer[]
  choicesPerRow?: number
}

/** What a turn asks of the conversation, to be done in order. */
export type Output =
  | ({ kind: 'text'; text: string } & Offers)
  | ({ kind: 'card'; content: StructuredContent } & Offers)
  | { kind: 'delay'; ms: number }
  /** For the people of the account only. */
  | { kind: 'private'; text: string }
  | { kind: 'transfer'; skillId: string | undefined }
  | { kind: 'close' }

/** What support wants to know of a turn: what has failed, was not there, or was said for debugging. */
export interface Note {
  interaction: string
  what: string
}

/** One message of the consumer. */
export interface Line {
  text: string
  /** Of the quick reply or button that was chosen, when the client tells. */
  payload?: string | undefined
  /** What the message means, where something recognises intents: an id or a name. */
  intent?: string | undefined
  metadata?: readonly Metadata[] | undefined
}

/** A turn under way: `state` is its own copy. */
export interface Turn {
  readonly bot: BuilderBot
  readonly facts: ConversationFacts
  readonly outside: Outside
  readonly line: Line
  /** Its text, and the payload of what was clicked: what patterns look at. */
  readonly said: readonly Letters[]
  readonly state: DialogState
  /** Values that were set in this turn, with their types. */
  readonly values: Map<string, unknown>
  readonly outputs: Output[]
  readonly notes: Note[]
  readonly effort: Effort
  /** Characters that may still be filled into texts. */
  filling: number
  /** Answers of integrations that were read in this turn, by their text. */
  readonly read: Map<string, unknown>
  /** Where the turn is, for notes. */
  at: string
  /** The title that the evaluation of the line has picked. */
  option: string | undefined
  /** The name that code has set to come next. */
  trigger: string | undefined
  /** Code has answered by itself: nothing follows. */
  stopped: boolean
  /** What code has added to the next message: `title~payload`. */
  added: string[]
}

/** What is left of a full turn's outputs for its last action, and the summary before it. */
const KEPT_FOR_ACTION = 2

export function note(turn: Turn, what: string): void {
  const last = turn.notes.at(-1)
  if (last?.interaction === turn.at && last.what === what) return
  if (turn.notes.length < MAX_NOTES) turn.notes.push({ interaction: turn.at, what })
}

/** The text of an interaction that has work to do and nothing to say, as public exports have it. */
const BLANK = 'BLANK_MESSAGE'

export function say(turn: Turn, output: Output): void {
  const isAction = ['transfer', 'close', 'private'].includes(output.kind)
  if (turn.outputs.length >= MAX_OUTPUTS - (isAction ? 0 : KEPT_FOR_ACTION)) {
    return note(turn, `Dropped what is beyond ${MAX_OUTPUTS} messages in one turn`)
  }
  if (output.kind === 'text') {
    const whole = output.text.trim() === BLANK ? '' : output.text
    const text = whole.toWellFormed().replaceAll('\0', '').slice(0, MAX_TEXT_CHARACTERS)
    if (text.length < whole.length) note(turn, `Cut a text to ${text.length} characters`)
    if (text.trim() !== '') turn.outputs.push({ ...output, text })
    else if (output.quickReplies) turn.outputs.push(buttonsOf(output.quickReplies))
  } else if (output.kind === 'delay') {
    const ms = Math.min(MAX_DELAY_MS, Math.round(output.ms))
    if (ms > 0) turn.outputs.push({ kind: 'delay', ms })
  } else turn.outputs.push(output)
}

/** Replies stand below a text; where there is none, they are a card. */
function buttonsOf(replies: readonly QuickReplyOffer[]): Output {
  const elements = replies.map(({ title }) => {
    const text = beginningOf(title, MAX_CARD_TEXT_CHARACTERS)
    const click = { actions: [{ type: 'publishText' as const, text }] }
    return { type: 'button' as const, title: beginningOf(title, MAX_TITLE_CHARACTERS), click }
  })
  return { kind: 'card', content: { type: 'vertical', elements } }
}

/** `title~payload` as code writes quick replies; the title stands for itself without a payload. */
export function quickReplyOf(text: string): QuickReplyOffer {
  const [title = '', payload = title] = text.split('~')
  return { title, payload }
}

const MAX_OFFERED = 200
const MAX_OFFER = 1_000

/** Without those that have no title, as nobody could see them, and not more than clients show. */
export function shownReplies(turn: Turn, replies: readonly QuickReplyOffer[]): QuickReplyOffer[] {
  const titled = replies.filter(({ title }) => title.trim() !== '')
  if (titled.length < replies.length) note(turn, 'Left out a quick reply without a title')
  if (titled.length > MAX_QUICK_REPLIES) {
    note(turn, `Left out what is beyond ${MAX_QUICK_REPLIES} quick replies`)
  }
  return titled.slice(0, MAX_QUICK_REPLIES)
}

/** Remembers the payloads of what the next message may choose. */
export function offer(turn: Turn, replies: readonly QuickReplyOffer[]): void {
  const { offered } = turn.state
  for (const { payload, title } of replies.slice(0, MAX_OFFERED - offered.length)) {
    offered.push({ title: title.slice(0, MAX_OFFER), payload: payload.slice(0, MAX_OFFER) })
  }
}
