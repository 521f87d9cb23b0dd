import * as z from 'zod'
import { Language } from './automatic-messages.ts'
import { MAX_MESSAGE_CHARACTERS, StorableText } from './text.ts'

const Words = StorableText.min(1, 'must not be empty').max(4_000)

/** One text for everybody, or one for each language; then one of them must be the survey's own language. */
export const SurveyText = z.union([Words, z.record(Language, Words)])
export type SurveyText = z.infer<typeof SurveyText>

const Id = z.string().regex(/^[\w-]{1,64}$/, 'must be 1 to 64 of A-Z, a-z, 0-9, _ and -')

/** Kinds of questions (`spec/bots.md` 2.2). */
export const QUESTION_KINDS = [
  'CSAT',
  'NPS',
  'FCR',
  'single-choice',
  'multiple-choice',
  'free-text',
] as const
/** One of `QUESTION_KINDS`. */
export const QuestionKind = z.enum(QUESTION_KINDS)
export type QuestionKind = z.infer<typeof QuestionKind>

/** A choice of a question: its id and how it reads. */
export const SurveyAnswerOption = z.strictObject({ id: Id, text: SurveyText })
export type SurveyAnswerOption = z.infer<typeof SurveyAnswerOption>

/** The answer that ends the survey when a question leads there. */
export const END = 'end'

/** A question, its choices and where each of them leads. */
export const SurveyQuestion = z.strictObject({
  id: Id,
  kind: QuestionKind,
  text: SurveyText,
  /** The choices; for CSAT, NPS and FCR only other texts for their 5, 11 and 2 answers, in ascending order, yes before no. */
  answers: z.array(SurveyAnswerOption).min(2).max(24).optional(),
  optional: z.boolean().default(false),
  /** What leaves an optional question out. */
  skipWords: z.array(StorableText.trim().min(1).max(64)).min(1).max(20).default(['skip']),
  /** Where these answers lead; every other answer leads to `goTo`. */
  branches: z
    .array(z.strictObject({ answers: z.array(Id).min(1), goTo: Id }))
    .max(24)
    .default([]),
  /** The next question of the list unless given; `end` ends the survey. */
  goTo: Id.optional(),
})
export type SurveyQuestion = z.infer<typeof SurveyQuestion>

const Definition = z.strictObject({
  name: StorableText.trim().min(1, 'must not be empty').max(200),
  /** The language of those whose own is missing. */
  language: Language.default('en'),
  greeting: SurveyText.optional(),
  questions: z.array(SurveyQuestion).min(1).max(50),
  thankYou: SurveyText.optional(),
  /** Sent when an answer fits none of the choices. */
  fallback: SurveyText,
  /** So often at one question; then it stays unanswered and the next one is asked. */
  fallbackLimit: z.int().min(1).max(20).default(3),
  expiresAfterMinutes: z
    .int()
    .min(1)
    .max(47 * 60)
    .default(60),
  /** Sent when the survey expires. */
  expiredText: SurveyText.optional(),
  /** Whether it follows when a function has closed the conversation by `closeConversation`. */
  afterFunctionClose: z.boolean().default(true),
  /** Whether it follows when the conversation was closed because it was quiet for long. */
  afterAutoClose: z.boolean().default(false),
  /** How answers are listed for clients without quick replies. */
  listStyle: z.enum(['numbers', 'letters', 'none']).default('numbers'),
})

type Fields = z.infer<typeof Definition>
type Issue = { path: (string | number)[]; message: string }

const ANSWER_COUNT: Partial<Record<QuestionKind, number>> = { CSAT: 5, NPS: 11, FCR: 2 }

/** The ids of a question's answers; those of scales are fixed. */
export function answerIds({ kind, answers }: SurveyQuestion): string[] {
  if (kind === 'CSAT') return ['1', '2', '3', '4', '5']
  if (kind === 'NPS') return Array.from({ length: 11 }, (_, value) => String(value))
  if (kind === 'FCR') return ['yes', 'no']
  return (answers ?? []).map(({ id }) => id)
}

/** What a survey says and asks. A change of it is a new revision. */
export const SurveyDefinition = Definition.superRefine((definition, context) => {
  for (const issue of issuesOf(definition)) context.addIssue({ code: 'custom', ...issue })
})
export type SurveyDefinition = z.infer<typeof SurveyDefinition>

/** The quick reply that leaves an optional question out. */
export const SKIP = 'skip'

/**
 * What is to be saved. Definitions that were saved before may have an answer with the id of `SKIP`: it skips the question; texts of
 * white space alone; and more answers than one message holds.
 */
export const SurveyDraft = SurveyDefinition.superRefine((definition, context) => {
  const issues = [
    ...answersThatSkip(definition),
    ...blankTexts(definition),
    ...longMessages(definition),
  ]
  for (const issue of issues) context.addIssue({ code: 'custom', ...issue })
})

/** A number or letter, a full stop and a blank before each answer, and the end of its line. */
const LIST_CHARACTERS = 5

/** Clients without quick replies get the answers in the text, that of the fallback, too. */
function longMessages({ fallback, language, questions }: Fields): Issue[] {
  return questions.flatMap(({ answers = [], skipWords, text }, at) => {
    const texts = [text, fallback, ...answers.map((answer) => answer.text)]
    const languages = texts.flatMap((one) => (typeof one === 'string' ? [] : Object.keys(one)))
    const isLong = [language, ...languages].some((tag) => {
      const lengthIn = (one: SurveyText) =>
        (typeof one === 'string' ? one : (one[tag] ?? one[language] ?? '')).length
      const listed = answers.map((answer) => lengthIn(answer.text) + LIST_CHARACTERS)
      const said = Math.max(lengthIn(text), lengthIn(fallback)) + (skipWords[0] ?? SKIP).length + 1
      return listed.reduce((sum, length) => sum + length, said) > MAX_MESSAGE_CHARACTERS
    })
    const message = `must have at most ${MAX_MESSAGE_CHARACTERS} characters with the text of the question, or with the fallback`
    return isLong && answers.length > 0 ? [under(at, { path: ['answers'], message })] : []
  })
}

function answersThatSkip({ questions }: Fields): Issue[] {
  return questions.flatMap(({ optional, answers = [] }, at) => {
    const answerAt = optional ? answers.findIndex(({ id }) => id === SKIP) : -1
    const issue = {
      path: ['answers', answerAt, 'id'],
      message: `"${SKIP}" is reserved: it leaves an optional question out`,
    }
    return answerAt === -1 ? [] : [under(at, issue)]
  })
}

function blankTexts(definition: Fields): Issue[] {
  return textsOf(definition).flatMap(([path, text = {}]) => {
    const written: [Issue['path'], string][] =
      typeof text === 'string'
        ? [[path, text]]
        : Object.entries(text).map(([language, words]) => [[...path, language], words])
    return written.flatMap(([place, words]) =>
      words !== '' && words.trim() === '' ? [{ path: place, message: 'must not be empty' }] : [],
    )
  })
}

function issuesOf(definition: Fields): Issue[] {
  return [
    ...missingLanguages(definition),
    ...repeatedQuestions(definition),
    ...definition.questions.flatMap((question, at) => [
      ...wrongAnswers(question).map((issue) => under(at, issue)),
      ...wrongWays(definition, question, at).map((issue) => under(at, issue)),
    ]),
  ]
}

function under(at: number, { path, message }: Issue): Issue {
  return { path: ['questions', at, ...path], message }
}

/** Every text of a survey, with its place. */
function textsOf(definition: Fields): [Issue['path'], SurveyText | undefined][] {
  return [
    [['greeting'], definition.greeting],
    [['thankYou'], definition.thankYou],
    [['fallback'], definition.fallback],
    [['expiredText'], definition.expiredText],
    ...definition.questions.flatMap((question, at): [Issue['path'], SurveyText][] => [
      [['questions', at, 'text'], question.text],
      ...(question.answers ?? []).map(({ text }, answerAt): [Issue['path'], SurveyText] => [
        ['questions', at, 'answers', answerAt, 'text'],
        text,
      ]),
    ]),
  ]
}

function missingLanguages(definition: Fields): Issue[] {
  return textsOf(definition).flatMap(([path, text]) =>
    typeof text === 'object' && text[definition.language] === undefined
      ? [{ path, message: `must have a text in the survey's language, ${definition.language}` }]
      : [],
  )
}

function repeatedQuestions({ questions }: Fields): Issue[] {
  return questions.flatMap(({ id, kind }, at) => {
    const before = questions.slice(0, at)
    const issues: Issue[] = []
    if (id === END) issues.push(under(at, { path: ['id'], message: 'is reserved' }))
    if (before.some((other) => other.id === id)) {
      issues.push(under(at, { path: ['id'], message: `"${id}" is taken by another question` }))
    }
    if (kind in ANSWER_COUNT && before.some((other) => other.kind === kind)) {
      issues.push(under(at, { path: ['kind'], message: `${kind} may be asked once in a survey` }))
    }
    return issues
  })
}

function wrongAnswers(question: SurveyQuestion): Issue[] {
  const { kind, answers } = question
  const path = ['answers']
  if (kind === 'free-text') {
    return answers === undefined ? [] : [{ path, message: 'A free text has no answers to choose' }]
  }
  const count = ANSWER_COUNT[kind]
  if (count !== undefined) {
    if (answers === undefined || answers.length === count) return []
    return [{ path, message: `${kind} has exactly ${count} answers` }]
  }
  if (answers === undefined) return [{ path, message: 'is missing' }]
  return answers.flatMap(({ id }, at) =>
    answers.findIndex((other) => other.id === id) < at
      ? [{ path: [...path, at, 'id'], message: `"${id}" is taken by another answer` }]
      : [],
  )
}

/** Questions lead forward only, so that every survey ends. */
function wrongWays({ questions }: Fields, question: SurveyQuestion, at: number): Issue[] {
  const later = new Set(questions.slice(at + 1).map(({ id }) => id))
  const leadsNowhere = (goTo: string) => goTo !== END && !later.has(goTo)
  const known = new Set(answerIds(question))
  const message = (goTo: string) => `"${goTo}" is neither a later question nor "${END}"`
  return [
    ...(question.goTo !== undefined && leadsNowhere(question.goTo)
      ? [{ path: ['goTo'], message: message(question.goTo) }]
      : []),
    ...question.branches.flatMap(({ answers, goTo }, branchAt) => [
      ...(leadsNowhere(goTo)
        ? [{ path: ['branches', branchAt, 'goTo'], message: message(goTo) }]
        : []),
      ...answers.flatMap((id, answerAt) =>
        known.has(id)
          ? []
          : [
              {
                path: ['branches', branchAt, 'answers', answerAt],
                message: `"${id}" is no answer of this question`,
              },
            ],
      ),
    ]),
  ]
}
