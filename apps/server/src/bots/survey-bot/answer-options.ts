import {
  answerIds,
  type SpokenLanguage,
  spokenLanguage,
  type SurveyDefinition,
  type SurveyQuestion,
} from '@parley/contract'
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
  // A question in one language only is answered in it.
  const spoken = spokenLanguage(typeof question.text === 'string' ? own : language)
  return ids.map((id, at) => {
    const given = question.answers?.[at]?.text
    const text = given === undefined ? plainText(id, spoken) : sayIn(given, language, own)
    const score = scoreOf(question, id)
    return { id, text, ...(score !== undefined && { score }) }
  })
}

const YES_OR_NO: Record<SpokenLanguage, Record<string, string>> = {
  en: { yes: 'Yes', no: 'No' },
  de: { yes: 'Ja', no: 'Nein' },
}

function plainText(id: string, spoken: SpokenLanguage): string {
  return YES_OR_NO[spoken][id] ?? id
}

function scoreOf({ kind }: SurveyQuestion, id: string): number | undefined {
  if (kind === 'CSAT' || kind === 'NPS') return Number(id)
  if (kind === 'FCR') return id === 'yes' ? 1 : 0
  return undefined
}
