import type { TranscriptRule } from '@parley/contract'
import type { SubmittedSurvey } from './submitted-survey.ts'

/** The rules whose conditions all hold. They decide only if no function is deployed. */
export function fittingRules(
  rules: readonly TranscriptRule[],
  { skillId, agentId, payload: { csatRank } }: SubmittedSurvey,
): TranscriptRule[] {
  return rules.filter(({ enabled, csatAtLeast, csatAtMost, skillIds, agentIds }) => {
    if (!enabled) return false
    if (csatAtLeast !== undefined && !(csatRank !== undefined && csatRank >= csatAtLeast))
      return false
    if (csatAtMost !== undefined && !(csatRank !== undefined && csatRank <= csatAtMost))
      return false
    if (skillIds && !skillIds.includes(skillId)) return false
    return !agentIds || (agentId !== undefined && agentIds.includes(agentId))
  })
}
