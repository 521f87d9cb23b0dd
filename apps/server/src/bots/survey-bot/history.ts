import type { SurveyAnswer, SurveyDefinition, SurveyRun } from '@parley/contract'
import type { Db } from '#base/store'
import { optionsOf } from './answer-options.ts'
import { listRevisions } from './repository.ts'
import { listRunsOf } from './runs-repository.ts'
import { sayIn } from './say-in.ts'

/** The surveys of each conversation as the published history shows them, with their questions spelt out. */
export async function surveysOf(
  db: Db,
  accountId: string,
  conversationIds: readonly string[],
): Promise<Map<string, object[]>> {
  const runs = await listRunsOf(db, accountId, conversationIds)
  const revisions = await listRevisions(db, accountId, runs)
  const entries = Map.groupBy(runs, ({ conversationId }) => conversationId)
  return new Map(
    Array.from(entries, ([conversationId, found]) => [
      conversationId,
      found.map((run) => entryOf(definitionOf(revisions, run), run)),
    ]),
  )
}

function definitionOf(
  revisions: Awaited<ReturnType<typeof listRevisions>>,
  { surveyId, revision }: SurveyRun,
): SurveyDefinition | undefined {
  return revisions.find((one) => one.surveyId === surveyId && one.revision === revision)?.definition
}

function entryOf(definition: SurveyDefinition | undefined, run: SurveyRun): object {
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
  return answers.some(({ skipped }) => !skipped) ? 'PARTIALLY_FILLED' : 'SKIPPED'
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
