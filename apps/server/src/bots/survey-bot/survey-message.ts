import {
  answerIds,
  SKIP,
  type StoredMessage,
  type SurveyDefinition,
  type SurveyQuestion,
  type SurveyRun,
  type SurveyText,
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

/** How one consumer takes a survey: `listed` is whether the client shows no quick replies. */
type Taken = Pick<SurveyRun, 'surveyId' | 'language' | 'listed'>

/** A question with its quick replies; clients that show none get the answers as a list in the text. */
export function questionMessage(
  definition: SurveyDefinition,
  question: SurveyQuestion,
  taken: Taken,
): SurveyMessage {
  return {
    ...messageWithReplies(definition, question, taken, question.text),
    metadata: [
      {
        type: 'Question',
        id: question.id,
        groupId: question.kind,
        surveyId: taken.surveyId,
        provider: PROVIDER,
        replies: [...answerIds(question), ...(question.optional ? [SKIP] : [])],
      },
    ],
  }
}

/** What follows an answer that fits none of the choices: the choices are on offer again. */
export function fallbackMessage(
  definition: SurveyDefinition,
  question: SurveyQuestion,
  taken: Taken,
): SurveyMessage {
  return messageWithReplies(definition, question, taken, definition.fallback)
}

function messageWithReplies(
  definition: SurveyDefinition,
  question: SurveyQuestion,
  { language, listed }: Taken,
  text: SurveyText,
): SurveyMessage {
  const options = optionsOf(definition, question, language)
  const list = listed ? listOf(definition, question, options) : []
  const { event } = textMessage([sayIn(text, language, definition.language), ...list].join('\n'))
  const replies = repliesTo(question, options)
  if (replies.length === 0) return { event }
  return { event: { ...event, quickReplies: { type: 'quickReplies', itemsPerRow: 8, replies } } }
}

const skipWord = ({ skipWords }: SurveyQuestion): string => skipWords[0] ?? SKIP

function repliesTo(question: SurveyQuestion, options: AnswerOption[]): object[] {
  const skip = question.optional ? [{ id: SKIP, text: skipWord(question) }] : []
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

/** The answers, and by which word the question is left out. */
function listOf(
  definition: SurveyDefinition,
  question: SurveyQuestion,
  options: AnswerOption[],
): string[] {
  const answers = answersOf(definition, question, options)
  return question.optional ? [...answers, skipWord(question)] : answers
}

function answersOf(
  { listStyle }: SurveyDefinition,
  { kind }: SurveyQuestion,
  options: AnswerOption[],
): string[] {
  if (options.length === 0) return []
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
