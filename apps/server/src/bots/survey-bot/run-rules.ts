import {
  END,
  type StoredMessage,
  type SurveyDefinition,
  type SurveyQuestion,
  type SurveyRun,
} from '@parley/contract'
import { cleanText } from '#base/input'
import { matchAnswer, wordsOf } from './match-answer.ts'
import {
  fallbackMessage,
  type SurveyMessage,
  questionMessage,
  textMessage,
} from './survey-message.ts'
import { sayIn } from './say-in.ts'

const MAX_TEXT_CHARACTERS = 4_000

/** What follows from a step: the run afterwards, what the bot writes, and whether the survey is over. */
export interface Step {
  run: SurveyRun
  messages: SurveyMessage[]
  isOver: boolean
}

export type Answer = Pick<StoredMessage, 'sequence' | 'at' | 'event' | 'metadata'>

/** Greets and asks the first question. `nextSequence` is that of the first message. */
export function beginRun(definition: SurveyDefinition, run: SurveyRun, nextSequence: number): Step {
  const greeting = definition.greeting
    ? [textMessage(sayIn(definition.greeting, run.language, definition.language))]
    : []
  const first = definition.questions[0]
  return ask(definition, run, first, greeting, nextSequence)
}

/**
 * Takes a message of the consumer as the answer to the open question. `undefined`: it answers nothing, because it was
 * written before the question, belongs to another one, or the survey is over.
 */
export function takeAnswer(
  definition: SurveyDefinition,
  run: SurveyRun,
  answer: Answer,
  nextSequence: number,
): Step | undefined {
  const { open } = run
  const question = definition.questions.find(({ id }) => id === open?.questionId)
  if (!open || !question || run.endedAt !== undefined) return undefined
  if (answer.sequence <= open.sequence) return undefined

  const match = matchAnswer(definition, question, run.language, answer)
  if (match.kind === 'elsewhere') return undefined
  if (match.kind === 'unknown' && open.fallbacks < definition.fallbackLimit) {
    const fallback = fallbackMessage(definition, question, run)
    const counted = { ...open, fallbacks: open.fallbacks + 1 }
    return { run: { ...run, open: counted }, messages: [fallback], isOver: false }
  }

  const options = match.kind === 'chosen' ? match.options : []
  const score = options[0]?.score
  const answerIds = options.map(({ id }) => id)
  const answered: SurveyRun = {
    ...run,
    answers: [
      ...run.answers,
      {
        questionId: question.id,
        kind: question.kind,
        answerIds,
        text: cleanText(wordsOf(answer).slice(0, MAX_TEXT_CHARACTERS)),
        ...(score !== undefined && { score }),
        skipped: match.kind === 'skipped' || match.kind === 'unknown',
        at: answer.at,
      },
    ],
  }
  const next = nextQuestion(definition, question, answerIds)
  return ask(definition, answered, next, [], nextSequence)
}

/** The same step where the next question cannot be asked any more. */
export function withoutQuestion(step: Step, before: SurveyRun): Step {
  const { open, lastQuestionId } = before
  if (step.run.open?.questionId === open?.questionId) return step
  return { ...step, run: withoutOpen({ ...step.run, lastQuestionId }) }
}

/** The time is over: the bot may say so. */
export function expireRun(definition: SurveyDefinition, run: SurveyRun): Step {
  const { expiredText } = definition
  const messages = expiredText
    ? [textMessage(sayIn(expiredText, run.language, definition.language))]
    : []
  return { run: withoutOpen(run), messages, isOver: true }
}

function ask(
  definition: SurveyDefinition,
  run: SurveyRun,
  question: SurveyQuestion | undefined,
  before: SurveyMessage[],
  nextSequence: number,
): Step {
  if (!question) {
    const { thankYou } = definition
    const thanks = thankYou ? [textMessage(sayIn(thankYou, run.language, definition.language))] : []
    return { run: withoutOpen(run), messages: [...before, ...thanks], isOver: true }
  }
  const sequence = nextSequence + before.length
  return {
    run: {
      ...run,
      open: { questionId: question.id, sequence, fallbacks: 0 },
      lastQuestionId: question.id,
    },
    messages: [...before, questionMessage(definition, question, run)],
    isOver: false,
  }
}

function nextQuestion(
  { questions }: SurveyDefinition,
  question: SurveyQuestion,
  chosen: readonly string[],
): SurveyQuestion | undefined {
  const branch = question.branches.find(({ answers }) => answers.some((id) => chosen.includes(id)))
  const goTo = branch?.goTo ?? question.goTo
  if (goTo === END) return undefined
  if (goTo !== undefined) return questions.find(({ id }) => id === goTo)
  return questions[questions.findIndex(({ id }) => id === question.id) + 1]
}

function withoutOpen(run: SurveyRun): SurveyRun {
  const closed = { ...run }
  delete closed.open
  return closed
}
