import type { SurveyAnswer, SurveyDefinition, SurveyRun } from '@parley/contract'
import type { Db } from '#store'
import { optionsOf } from './answer-options.ts'
import { findRevision } from './repository.ts'
import { listRuns } from './runs-repository.ts'
import { sayIn } from './say-in.ts'

const MOST_RUNS = 100

/** The surveys of a conversation as message histories tell them, with their questions spelt out. */
export async function surveysOf(
  db: Db,
  accountId: string,
  conversationId: string,
): Promise<object[]> {
  const runs = await listRuns(db, accountId, { conversationId }, { limit: MOST_RUNS })
  return await Promise.all(runs.map((run) => entryOf(db, accountId, run)))
}

async function entryOf(db: Db, accountId: string, run: SurveyRun): Promise<object> {
  const definition = await findRevision(db, accountId, run.surveyId, run.revision)
  return {
    surveyType: 'PCS',
    surveyStatus: statusOf(run),
    surveyId: run.surveyId,
    surveyRevision: run.revision,
    dialogId: run.dialogId,
    skillId: run.skillId,
    surveyData: run.answers.map((answer, at) => dataOf(definition, run, answer, at)),
  }
}

function statusOf({ outcome, answers }: SurveyRun): string {
  if (outcome === 'completed') return 'FILLED'
  return answers.length > 0 ? 'PARTIALLY_FILLED' : 'SKIPPED'
}

function dataOf(
  definition: SurveyDefinition | undefined,
  { language }: SurveyRun,
  { questionId, kind, answerIds, text, skipped }: SurveyAnswer,
  at: number,
): object {
  const question = definition?.questions.find(({ id }) => id === questionId)
  const options = definition && question ? optionsOf(definition, question, language) : []
  const chosen = answerIds.map((id) => options.find((option) => option.id === id)?.text ?? id)
  return {
    question: definition && question ? sayIn(question.text, language, definition.language) : '',
    answer: chosen.length > 0 ? chosen.join(';') : text,
    questionId,
    answerId: answerIds.join(';'),
    questionType: kind,
    questionSequence: at,
    answerSequence: at,
    isValidAnswer: !skipped,
  }
}
