import {
  SKIP,
  type StoredMessage,
  type SurveyDefinition,
  type SurveyQuestion,
} from '@parley/contract'
import * as z from 'zod'
import { type AnswerOption, optionsOf } from './answer-options.ts'
import { markerAt } from './survey-message.ts'

export type Match =
  | { kind: 'chosen'; options: AnswerOption[] }
  | { kind: 'text' }
  | { kind: 'skipped' }
  | { kind: 'unknown' }
  /** A click on a reply of another question: on a second device, or on an old card. */
  | { kind: 'elsewhere' }

/** Reads a consumer's message as the answer to a question: a clicked reply, or words. */
export function matchAnswer(
  definition: SurveyDefinition,
  question: SurveyQuestion,
  language: string,
  message: Pick<StoredMessage, 'event' | 'metadata'>,
): Match {
  const options = optionsOf(definition, question, language)
  const click = clickOf(message)
  if (click) {
    if (click.questionId !== question.id) return { kind: 'elsewhere' }
    if (click.id === SKIP && question.optional) return { kind: 'skipped' }
    const option = options.find(({ id }) => id === click.id)
    return option ? { kind: 'chosen', options: [option] } : { kind: 'unknown' }
  }
  const text = wordsOf(message).trim()
  if (text === '') return { kind: 'unknown' }
  if (question.optional && question.skipWords.some((word) => isSame(word, text))) {
    return { kind: 'skipped' }
  }
  if (question.kind === 'free-text') return { kind: 'text' }
  const chosen = chosenBy(definition, question, options, text)
  return chosen.length > 0 ? { kind: 'chosen', options: chosen } : { kind: 'unknown' }
}

/** What the consumer has written, be it below a picture. */
export function wordsOf({ event }: Pick<StoredMessage, 'event'>): string {
  const words = File.safeParse(event.message).data?.caption ?? event.message
  return typeof words === 'string' ? words : ''
}

const File = z.object({ caption: z.string() })

function clickOf({ metadata }: Pick<StoredMessage, 'metadata'>) {
  return metadata?.find(({ type, questionId }) => type === 'Answer' && questionId !== undefined)
}

/** Several answers are written with commas, semicolons or line breaks between them; each must be one. */
function chosenBy(
  { listStyle }: SurveyDefinition,
  { kind }: SurveyQuestion,
  options: AnswerOption[],
  text: string,
): AnswerOption[] {
  const isScale = kind === 'CSAT' || kind === 'NPS'
  const find = (word: string) =>
    options.find((option) => isSame(option.text, word)) ??
    options.find(({ id }, at) => {
      const marker = isScale ? id : markerAt(listStyle, at)
      return marker !== undefined && isSame(marker, word.replace(/[.)]$/, ''))
    })
  const whole = find(text)
  if (whole) return [whole]
  if (kind !== 'multiple-choice') return []
  const words = text.split(/[,;\n]+/).map((word) => word.trim())
  const found = words.filter((word) => word !== '').map(find)
  return found.every((option) => option !== undefined) ? [...new Set(found)] : []
}

/** Case does not count, nor how letters are composed: some keyboards send a letter and its accent as two characters. */
function isSame(one: string, other: string): boolean {
  return plain(one) === plain(other)
}

function plain(text: string): string {
  return text.trim().normalize('NFC').toLocaleLowerCase()
}
