import type { SurveyDefinition, SurveyText } from '@parley/contract'

/** All languages that a survey speaks, its own first. */
export function languagesOf({ language, ...rest }: SurveyDefinition): string[] {
  const texts: (SurveyText | undefined)[] = [
    rest.greeting,
    rest.thankYou,
    rest.fallback,
    rest.expiredText,
    ...rest.questions.flatMap(({ text, answers = [] }) => [
      text,
      ...answers.map((one) => one.text),
    ]),
  ]
  const named = texts.flatMap((text) => (typeof text === 'object' ? Object.keys(text) : []))
  return [...new Set([language, ...named])]
}

/** Without its texts in some languages. A text that had no other is empty. */
export function withoutLanguages(
  definition: SurveyDefinition,
  languages: readonly string[],
): SurveyDefinition {
  if (languages.length === 0) return definition
  const { greeting, thankYou, fallback, expiredText, questions } = definition
  const kept = (text: SurveyText | undefined): SurveyText | undefined =>
    languages.reduce((rest, one) => withText(rest, one, definition.language, ''), text)
  return {
    ...definition,
    greeting: kept(greeting),
    thankYou: kept(thankYou),
    fallback: kept(fallback) ?? '',
    expiredText: kept(expiredText),
    questions: questions.map(({ text, answers, ...question }) => ({
      ...question,
      text: kept(text) ?? '',
      answers: answers?.map((one) => ({ ...one, text: kept(one.text) ?? '' })),
    })),
  }
}

/** A text in one language; empty where there is none. */
export function textIn(text: SurveyText | undefined, language: string, own: string): string {
  if (typeof text === 'object') return text[language] ?? ''
  return language === own ? (text ?? '') : ''
}

/** The text with another wording in one language. One language alone needs no list of languages; no words are no text. */
export function withText(
  text: SurveyText | undefined,
  language: string,
  own: string,
  words: string,
): SurveyText | undefined {
  const before = typeof text === 'object' ? text : text === undefined ? {} : { [own]: text }
  const after = Object.entries({ ...before, [language]: words }).filter(([, one]) => one !== '')
  if (after.length === 0) return undefined
  const [first] = after
  return after.length === 1 && first?.[0] === own ? first[1] : Object.fromEntries(after)
}

/** The first words of a text, to name what it stands for. */
export function shortOf(text: SurveyText | undefined, own: string): string {
  const said = typeof text === 'object' ? (text[own] ?? Object.values(text)[0] ?? '') : (text ?? '')
  return said.length <= 60 ? said : `${said.slice(0, 59)}…`
}
