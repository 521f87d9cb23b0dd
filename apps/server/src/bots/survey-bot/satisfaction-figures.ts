import type { SurveyRun } from '@parley/contract'
import { type Figure, figureOf } from '#messaging/figures'

/** Scores of satisfaction that the run has got by one answer, for the skill and the agent of the conversation. */
export function satisfactionFigures(before: SurveyRun, after: SurveyRun, at: number): Figure[] {
  const figure = figureOf('messaging', at)
  return after.answers
    .slice(before.answers.length)
    .flatMap(({ kind, score }) => (kind === 'CSAT' && score !== undefined ? [score] : []))
    .map((score) =>
      figure('satisfaction', {
        skillId: after.skillId,
        agentId: after.agent?.userId,
        bucket: Math.round(score),
        value: score,
      }),
    )
}
