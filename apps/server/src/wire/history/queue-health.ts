import { NO_WAITS, type Waits } from '#messaging/reading'
import type { Deps } from './deps.ts'

/** How many conversations wait now, and how long they have waited so far: by skill and in total. */
export async function queueHealthOf(
  { accounts, reading, clock }: Deps,
  accountId: string,
  wanted: readonly string[] | undefined,
): Promise<object> {
  const skills = wanted ?? (await accounts.skills.list(accountId)).map(({ skillId }) => skillId)
  const { bySkill, all } = await reading.waitsOf(accountId, skills, clock.now())
  const ofSkill = (skillId: string) => [skillId, health(bySkill.get(skillId) ?? NO_WAITS)]
  return { skillsMetrics: Object.fromEntries(skills.map(ofSkill)), metricsTotals: health(all) }
}

function health({ count, average, median, ninth }: Waits) {
  return {
    unassignedConversations: count,
    avgWaitTimeForAgentAssignment: average,
    waitTimeForAgentAssignment_50thPercentile: median,
    waitTimeForAgentAssignment_90thPercentile: ninth,
  }
}
