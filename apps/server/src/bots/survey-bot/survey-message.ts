import {
  SKIP,
  type StoredMessage,
  type SurveyDefinition,
  type SurveyQuestion,
} from '@parley/contract'
import { type AnswerOption, optionsOf } from './answer-options.ts'
import { sayIn } from './say-in.ts'

/** Names this bot in the metadata of questions and answers. */
export const PROVIDER = 'parley'

/** A message of the survey bot. */
export interface SurveyMessage {
  event: StoredMessage['event']
  metadata?: NonNullable<StoredMessage['metadata']>
}

export function textMessage(message: string): SurveyMessage {
  return { event: { type: 'ContentEvent', contentType: 'text/plain', message } }
}

/** A question with its quick replies; clients that show none get the answers as a list in the text. */
export function questionMessage(
  definition: SurveyDefinition,
  question: SurveyQuestion,
  { surveyId, language, listed }: { surveyId: number; language: string; listed: boolean },
): SurveyMessage {
  const options = optionsOf(definition, question, language)
  const text = sayIn(question.text, language, definition.language)
  const list = listed ? listOf(definition, question, options) : []
  return {
    ...messageWithReplies([text, ...list].join('\n'), question, options),
    metadata: [
      {
        type: 'Question',
        id: question.id,
        groupId: question.kind,
        surveyId,
        provider: PROVIDER,
        replies: [...options.map(({ id }) => id), ...(question.optional ? [SKIP] : [])],
      },
    ],
  }
}

/** What follows an answer that fits none of the choices: the choices are on offer again. */
export function fallbackMessage(
  definition: SurveyDefinition,
  question: SurveyQuestion,
  language: string,
): SurveyMessage {
  const text = sayIn(definition.fallback, language, definition.language)
  return messageWithReplies(text, question, optionsOf(definition, question, language))
}

function messageWithReplies(
  message: string,
  question: SurveyQuestion,
  options: AnswerOption[],
): SurveyMessage {
  const { event } = textMessage(message)
  const replies = repliesTo(question, options)
  if (replies.length === 0) return { event }
  return { event: { ...event, quickReplies: { type: 'quickReplies', itemsPerRow: 8, replies } } }
}

function repliesTo(question: SurveyQuestion, options: AnswerOption[]): object[] {
  const skip = question.optional ? [{ id: SKIP, text: question.skipWords[0] ?? SKIP }] : []
  return [...options, ...skip].map(({ id, text }) => ({
    type: 'button',
    title: text,
    tooltip: text,
    click: {
      actions: [{ type: 'publishText', text }],
      metadata: [{ type: 'Answer', questionId: question.id, id, provider: PROVIDER }],
    },
  }))
}

function listOf(
  { listStyle }: SurveyDefinition,
  { kind }: SurveyQuestion,
  options: AnswerOption[],
): string[] {
  const isScale = kind === 'CSAT' || kind === 'NPS'
  if (isScale && options.every(({ id, text }) => id === text)) {
    return [options.map(({ text }) => text).join(', ')]
  }
  return options.map(({ id, text }, at) => {
    const marker = isScale ? id : markerAt(listStyle, at)
    return marker === undefined ? text : `${marker}. ${text}`
  })
}

/** `1`, `2`, `3` or `a`, `b`, `c`; `undefined` where answers have no marker. */
export function markerAt(listStyle: SurveyDefinition['listStyle'], at: number): string | undefined {
  if (listStyle === 'none') return undefined
  return listStyle === 'numbers' ? String(at + 1) : String.fromCodePoint(97 + at)
}
