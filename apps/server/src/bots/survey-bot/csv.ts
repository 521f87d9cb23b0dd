import type { SurveyRun } from '@parley/contract'
import { toCsvLines } from '#base/kit'

const COLUMNS = [
  'startedAt',
  'endedAt',
  'outcome',
  'conversationId',
  'surveyId',
  'revision',
  'skillId',
  'agentId',
  'questionId',
  'kind',
  'answerIds',
  'score',
  'skipped',
  'text',
  'answeredAt',
]

export const CSV_HEADER = linesOf([COLUMNS])

/** One line for each question that was asked; what stands behind its id is empty while it has no answer. */
export function csvLines(run: SurveyRun): string {
  const start = [
    instant(run.startedAt),
    run.endedAt === undefined ? '' : instant(run.endedAt),
    run.outcome ?? '',
    run.conversationId,
    String(run.surveyId),
    String(run.revision),
    run.skillId,
    run.agent?.userId ?? '',
  ]
  const answers = run.answers.map(({ questionId, kind, answerIds, score, skipped, text, at }) => [
    ...start,
    questionId,
    kind,
    answerIds.join(' '),
    score === undefined ? '' : String(score),
    String(skipped),
    text,
    instant(at),
  ])
  const { lastQuestionId = '' } = run
  const isAnswered = run.answers.at(-1)?.questionId === lastQuestionId
  const unanswered = isAnswered ? [] : [[...start, lastQuestionId, '', '', '', '', '', '']]
  return linesOf([...answers, ...unanswered])
}

function instant(ms: number): string {
  return new Date(ms).toISOString()
}

function linesOf(rows: readonly (readonly string[])[]): string {
  return toCsvLines(rows, { delimiter: ',', lineEnd: '\r\n', withoutFormulas: true })
}
