import { expect, test } from 'vitest'
import { SurveyDefinition, SurveyDraft } from './index.ts'

const csat = { id: 'csat', kind: 'CSAT', text: 'How satisfied are you?' }
const why = { id: 'why', kind: 'free-text', text: 'Why?' }
const minimal = { name: 'Short', fallback: 'Please choose an answer', questions: [csat] }

function problemsOf(definition: unknown): string[] {
  const parsed = SurveyDefinition.safeParse(definition)
  return (parsed.error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)
}

test('a short survey needs a name, a fall-back text and a question', () => {
  expect(SurveyDefinition.parse(minimal)).toMatchObject({
    language: 'en',
    expiresAfterMinutes: 60,
    fallbackLimit: 3,
    questions: [{ optional: false, skipWords: ['skip'], branches: [] }],
  })
})

const choice = {
  id: 'topic',
  kind: 'single-choice',
  text: 'About what?',
  answers: [
    { id: 'a', text: 'Orders' },
    { id: 'b', text: 'Else' },
  ],
}

test.each<[string, object, string]>([
  ['no questions', { questions: [] }, 'questions: must have at least 1 entry'],
  ['no fall-back', { fallback: undefined }, 'fallback: is missing'],
  [
    'two scales of one kind',
    { questions: [csat, { ...csat, id: 'again' }] },
    'questions.1.kind: CSAT may be asked once in a survey',
  ],
  [
    'two questions of one name',
    { questions: [csat, { ...why, id: 'csat' }] },
    'questions.1.id: "csat" is taken by another question',
  ],
  [
    'a choice without answers',
    { questions: [{ ...choice, answers: undefined }] },
    'questions.0.answers: is missing',
  ],
  [
    'two answers of one name',
    { questions: [{ ...choice, answers: [choice.answers[0], choice.answers[0]] }] },
    'questions.0.answers.1.id: "a" is taken by another answer',
  ],
  [
    'four answers of a scale of five',
    { questions: [{ ...csat, answers: [1, 2, 3, 4].map((n) => ({ id: `a${n}`, text: 'x' })) }] },
    'questions.0.answers: CSAT has exactly 5 answers',
  ],
  [
    'answers of a free text',
    { questions: [{ ...why, answers: choice.answers }] },
    'questions.0.answers: A free text has no answers to choose',
  ],
  [
    'a way back',
    { questions: [csat, { ...why, goTo: 'csat' }] },
    'questions.1.goTo: "csat" is neither a later question nor "end"',
  ],
  [
    'a branch to nowhere',
    { questions: [{ ...csat, branches: [{ answers: ['1'], goTo: 'none' }] }] },
    'questions.0.branches.0.goTo: "none" is neither a later question nor "end"',
  ],
  [
    'a branch from an answer that there is not',
    { questions: [{ ...csat, branches: [{ answers: ['6'], goTo: 'end' }] }] },
    'questions.0.branches.0.answers.0: "6" is no answer of this question',
  ],
  [
    "a text without the survey's language",
    { language: 'de', greeting: { fr: 'Bonjour' } },
    "greeting: must have a text in the survey's language, de",
  ],
  ['a time beyond the limit', { expiresAfterMinutes: 48 * 60 }, 'expiresAfterMinutes: '],
  ['a misspelt field', { greetings: 'Hi' }, ': Unrecognized key: "greetings"'],
])('%s is refused at its place', (_, change, problem) => {
  const problems = problemsOf({ ...minimal, ...change })
  expect(problems).toContainEqual(expect.stringContaining(problem))
})

test('answers may lead to later questions and to the end', () => {
  const branches = [
    { answers: ['1', '2'], goTo: 'why' },
    { answers: ['5'], goTo: 'end' },
  ]
  expect(problemsOf({ ...minimal, questions: [{ ...csat, branches }, choice, why] })).toEqual([])
})

test('an answer of an optional question that would skip it is not saved, but read where it was', () => {
  const answers = [choice.answers[0], { id: 'skip', text: 'Not now' }]
  const survey = (optional: boolean) => ({
    ...minimal,
    questions: [{ ...choice, answers, optional }],
  })
  expect(SurveyDraft.safeParse(survey(true)).error?.issues).toMatchObject([
    {
      path: ['questions', 0, 'answers', 1, 'id'],
      message: '"skip" is reserved: it leaves an optional question out',
    },
  ])
  expect(SurveyDraft.safeParse(survey(false)).success).toBe(true)
  expect(SurveyDefinition.safeParse(survey(true)).success).toBe(true)
})

test('a question whose answers are too long for one message is not saved, but read where it was', () => {
  const answers = (length: number) =>
    ['a', 'b'].map((id) => ({ id, text: { en: 'short', de: 'x'.repeat(length) } }))
  const survey = (length: number) => ({
    ...minimal,
    questions: [{ ...choice, answers: answers(length) }],
  })
  expect(SurveyDraft.safeParse(survey(3_900)).success).toBe(true)
  expect(SurveyDraft.safeParse(survey(4_000)).error?.issues).toMatchObject([
    {
      path: ['questions', 0, 'answers'],
      message:
        'must have at most 8000 characters with the text of the question, or with the fallback',
    },
  ])
  expect(problemsOf(survey(4_000))).toEqual([])
})

test('a text of white space alone is not saved, but read where it was', () => {
  const answers = [choice.answers[0], { id: 'b', text: { en: 'Else', de: '\n' } }]
  const blank = { ...minimal, fallback: ' ', questions: [{ ...choice, answers }] }

  expect(SurveyDraft.safeParse(blank).error?.issues).toMatchObject([
    { path: ['fallback'], message: 'must not be empty' },
    { path: ['questions', 0, 'answers', 1, 'text', 'de'], message: 'must not be empty' },
  ])
  expect(problemsOf(blank)).toEqual([])
})
