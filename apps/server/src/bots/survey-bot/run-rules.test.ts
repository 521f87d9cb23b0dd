import { SurveyDefinition, type SurveyRun } from '@parley/contract'
import { expect, test } from 'vitest'
import { type Answer, beginRun, expireRun, takeAnswer } from './run-rules.ts'

const definition = SurveyDefinition.parse({
  name: 'All kinds',
  language: 'en',
  greeting: { en: 'Thank you for writing to us', de: 'Danke für Ihre Nachricht' },
  fallback: 'Please choose one of the answers',
  fallbackLimit: 2,
  thankYou: 'Goodbye',
  expiredText: 'The survey has expired',
  questions: [
    {
      id: 'csat',
      kind: 'CSAT',
      text: { en: 'How satisfied are you?', de: 'Wie zufrieden sind Sie?' },
      branches: [{ answers: ['5'], goTo: 'nps' }],
    },
    { id: 'why', kind: 'free-text', text: 'Why?', optional: true, skipWords: ['skip', 'no'] },
    { id: 'nps', kind: 'NPS', text: 'Would you recommend us?' },
    { id: 'fcr', kind: 'FCR', text: 'Solved?' },
    {
      id: 'topics',
      kind: 'multiple-choice',
      text: 'About what?',
      answers: [
        { id: 'o', text: 'Orders' },
        { id: 'r', text: 'Returns' },
        { id: 'e', text: 'Else' },
      ],
    },
  ],
})

function someRun(changes: Partial<SurveyRun> = {}): SurveyRun {
  return {
    dialogId: 'd',
    conversationId: 'c',
    consumerId: 'consumer',
    surveyId: 3387141511,
    revision: 2,
    skillId: '1',
    language: 'en',
    listed: false,
    startedAt: 0,
    expiresAt: 3_600_000,
    answers: [],
    ...changes,
  }
}

const text = (message: string, sequence: number): Answer => ({
  sequence,
  at: sequence,
  event: { type: 'ContentEvent', message },
})
const click = (questionId: string, id: string, sequence: number): Answer => ({
  ...text('whatever', sequence),
  metadata: [{ type: 'Answer', questionId, id }],
})

/** Answers one after the other; the bot's messages take sequences, as the answers do. */
function play(
  answers: ((sequence: number) => Answer)[],
  changes: Partial<SurveyRun> = {},
  survey = definition,
) {
  let step = beginRun(survey, someRun(changes), 0)
  const said = [...step.messages]
  let sequence = step.messages.length
  for (const answer of answers) {
    const next = takeAnswer(survey, step.run, answer(sequence), sequence + 1)
    sequence += 1 + (next?.messages.length ?? 0)
    said.push(...(next?.messages ?? []))
    step = next ?? step
  }
  return { ...step, said: said.map(({ event }) => event.message) }
}

test('greets, and asks the first question with its replies', () => {
  const { run, messages } = beginRun(definition, someRun(), 7)
  expect(messages[0]?.event.message).toBe('Thank you for writing to us')
  expect(messages[1]).toMatchObject({
    event: {
      type: 'ContentEvent',
      contentType: 'text/plain',
      message: 'How satisfied are you?',
      quickReplies: {
        type: 'quickReplies',
        replies: [
          {
            type: 'button',
            title: '1',
            click: {
              actions: [{ type: 'publishText', text: '1' }],
              metadata: [{ type: 'Answer', questionId: 'csat', id: '1' }],
            },
          },
          {},
          {},
          {},
          {},
        ],
      },
    },
    metadata: [
      {
        type: 'Question',
        id: 'csat',
        groupId: 'CSAT',
        surveyId: 3387141511,
        replies: ['1', '2', '3', '4', '5'],
      },
    ],
  })
  expect(run).toMatchObject({
    open: { questionId: 'csat', sequence: 8, fallbacks: 0 },
    lastQuestionId: 'csat',
  })
})

test('every kind of question is answered to the end', () => {
  const { run, said, isOver } = play([
    (at) => click('csat', '3', at),
    (at) => text('Too slow', at),
    (at) => text(' 9 ', at),
    (at) => text('YES', at),
    (at) => text('orders; 3.', at),
  ])
  expect(isOver).toBe(true)
  expect(run.open).toBeUndefined()
  expect(run.lastQuestionId).toBe('topics')
  expect(run.answers).toMatchObject([
    { questionId: 'csat', answerIds: ['3'], score: 3 },
    { questionId: 'why', answerIds: [], text: 'Too slow', skipped: false },
    { questionId: 'nps', answerIds: ['9'], score: 9 },
    { questionId: 'fcr', answerIds: ['yes'], score: 1 },
    { questionId: 'topics', answerIds: ['o', 'e'] },
  ])
  expect(said.at(-1)).toBe('Goodbye')
})

test('an answer may branch over questions', () => {
  const { run } = play([(at) => text('5', at)])
  expect(run.lastQuestionId).toBe('nps')
})

test.each(['skip', ' NO '])('%j leaves an optional question out', (word) => {
  const { run } = play([(at) => text('1', at), (at) => text(word, at)])
  expect(run.answers[1]).toMatchObject({ questionId: 'why', skipped: true })
  expect(run.lastQuestionId).toBe('nps')
})

test.each([
  ['fru\u0308h', { answerIds: ['f'], skipped: false }],
  ['FR\u00dcH', { answerIds: ['f'], skipped: false }],
  ['sp\u00e4t', { answerIds: ['s'], skipped: false }],
  ['U\u0308bergehen', { answerIds: [], skipped: true }],
])('an answer is understood however its letters are composed: %j', (word, answer) => {
  const answers = [
    { id: 'f', text: 'Fr\u00fch' },
    { id: 's', text: 'Spa\u0308t' },
  ]
  const words = { optional: true, skipWords: ['\u00fcbergehen'] }
  const question = { id: 'q', kind: 'single-choice', text: 'When?', answers, ...words }
  const survey = SurveyDefinition.parse({ ...definition, questions: [question] })
  const { run } = play([(at) => text(word, at)], {}, survey)
  expect(run.answers).toMatchObject([answer])
})

test('an unknown answer gets the fall-back text, as often as allowed, then the next question', () => {
  const { run, said } = play([
    (at) => text('six', at),
    (at) => text('0', at),
    (at) => click('csat', '6', at),
  ])
  expect(said.slice(2)).toEqual([
    'Please choose one of the answers',
    'Please choose one of the answers',
    'Why?',
  ])
  expect(run.answers).toMatchObject([{ questionId: 'csat', answerIds: [], skipped: true }])
})

test('the words below a picture are an answer, a picture alone is none', () => {
  const picture = (sequence: number, message: object): Answer => ({
    ...text('', sequence),
    event: { type: 'ContentEvent', contentType: 'hosted/file', message },
  })
  const file = { relativePath: '/files/1', fileType: 'JPEG' }
  const { run, said } = play([
    (at) => text('1', at),
    (at) => picture(at, file),
    (at) => picture(at, { ...file, caption: 'It came scratched' }),
  ])
  expect(said.slice(2)).toEqual([
    'Why?',
    'Please choose one of the answers',
    'Would you recommend us?',
  ])
  expect(run.answers[1]).toMatchObject({ questionId: 'why', text: 'It came scratched' })
})

test('two devices answer one question: the first counts, the second answers nothing', () => {
  const begun = beginRun(definition, someRun(), 0)
  const first = takeAnswer(definition, begun.run, text('5', 2), 4)
  expect(first?.run.open).toMatchObject({ questionId: 'nps', sequence: 4 })
  if (!first) throw new Error('The first answer counts')
  expect(takeAnswer(definition, first.run, text('1', 3), 5)).toBeUndefined()
  expect(takeAnswer(definition, first.run, click('csat', '1', 5), 6)).toBeUndefined()
})

test('nothing answers a survey that is over', () => {
  const { run } = expireRun(definition, beginRun(definition, someRun(), 0).run)
  expect(takeAnswer(definition, run, text('5', 9), 10)).toBeUndefined()
})

test('an expired survey says so and ends', () => {
  const { messages, isOver } = expireRun(definition, someRun())
  expect(isOver).toBe(true)
  expect(messages).toEqual([
    {
      event: {
        type: 'ContentEvent',
        contentType: 'text/plain',
        message: 'The survey has expired',
      },
    },
  ])
})

test('texts are in the language of the consumer, or in that of the survey', () => {
  expect(play([], { language: 'de-AT' }).said).toEqual([
    'Danke für Ihre Nachricht',
    'Wie zufrieden sind Sie?',
  ])
  expect(play([], { language: 'fr' }).said[0]).toBe('Thank you for writing to us')
})

test.each([
  ['Gelöst?', 'en', 'Gelöst?\n1. Ja\n2. Nein'],
  [{ de: 'Gelöst?', en: 'Solved?' }, 'en-GB', 'Solved?\n1. Yes\n2. No'],
  [{ de: 'Gelöst?', en: 'Solved?' }, 'de-CH', 'Gelöst?\n1. Ja\n2. Nein'],
])('yes and no are in the language of their question: %j for %s', (question, language, said) => {
  const german = SurveyDefinition.parse({
    name: 'German',
    language: 'de',
    fallback: 'Bitte wählen Sie',
    questions: [{ id: 'fcr', kind: 'FCR', text: question }],
  })
  const { messages } = beginRun(german, someRun({ language, listed: true }), 0)
  expect(messages.map(({ event }) => event.message)).toEqual([said])
})

test('a client without quick replies gets the answers as a list, each time it is asked, and by which word to leave a question out', () => {
  const { said } = play(
    [
      (at) => text('very', at),
      (at) => text('5', at),
      (at) => text('10', at),
      (at) => text('1', at),
    ],
    { listed: true },
  )
  const reason = play([(at) => text('1', at)], { listed: true })
  expect(reason.said.at(-1)).toBe('Why?\nskip')
  expect(said.slice(1)).toEqual([
    'How satisfied are you?\n1, 2, 3, 4, 5',
    'Please choose one of the answers\n1, 2, 3, 4, 5',
    'Would you recommend us?\n0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10',
    'Solved?\n1. Yes\n2. No',
    'About what?\n1. Orders\n2. Returns\n3. Else',
  ])
})
