import { answerIds, type SurveyDefinition, type SurveyQuestion } from '@parley/contract'
import { sayIn } from './say-in.ts'

export interface AnswerOption {
  id: string
  text: string
  score?: number
}

/** What can be chosen, in one language; nothing for free text. */
export function optionsOf(
  { language: own }: SurveyDefinition,
  question: SurveyQuestion,
  language: string,
): AnswerOption[] {
  const ids = answerIds(question)
  return ids.map((id, at) => {
    const given = question.answers?.[at]?.text
    const text = given === undefined ? plainText(id) : sayIn(given, language, own)
    const score = scoreOf(question, id)
    return { id, text, ...(score !== undefined && { score }) }
  })
}

function plainText(id: string): string {
  return id === 'yes' ? 'Yes' : id === 'no' ? 'No' : id
}

function scoreOf({ kind }: SurveyQuestion, id: string): number | undefined {
  if (kind === 'CSAT' || kind === 'NPS') return Number(id)
  if (kind === 'FCR') return id === 'yes' ? 1 : 0
  return undefined
}
