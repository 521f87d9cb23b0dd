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

/** One line for each answer; a survey without answers has one line, too. */
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
  if (run.answers.length === 0) return linesOf([[...start, '', '', '', '', '', '', '']])
  return linesOf(
    run.answers.map(({ questionId, kind, answerIds, score, skipped, text, at }) => [
      ...start,
      questionId,
      kind,
      answerIds.join(' '),
      score === undefined ? '' : String(score),
      String(skipped),
      text,
      instant(at),
    ]),
  )
}

function instant(ms: number): string {
  return new Date(ms).toISOString()
}

function linesOf(rows: readonly (readonly string[])[]): string {
  return toCsvLines(rows, { delimiter: ',', lineEnd: '\r\n', withoutFormulas: true })
}
