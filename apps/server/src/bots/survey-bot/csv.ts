import type { SurveyRun } from '@parley/contract'

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

export const CSV_HEADER = lineOf(COLUMNS)

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
  if (run.answers.length === 0) return lineOf([...start, '', '', '', '', '', '', ''])
  return run.answers
    .map(({ questionId, kind, answerIds, score, skipped, text, at }) =>
      lineOf([
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
    .join('')
}

function instant(ms: number): string {
  return new Date(ms).toISOString()
}

function lineOf(fields: readonly string[]): string {
  return `${fields.map(field).join(',')}\r\n`
}

/** What a consumer wrote must not become a formula in somebody's spreadsheet. */
function field(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
