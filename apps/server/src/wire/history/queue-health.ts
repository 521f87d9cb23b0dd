import { NO_WAITS, type Waits } from '#messaging/reading'
import type { Deps } from './deps.ts'

/** How many conversations wait now, and how long they have waited so far: by skill and in total. */
export async function queueHealthOf(
  { accounts, reading, clock }: Deps,
  accountId: string,
  wanted: readonly string[] | undefined,
): Promise<object> {
  const skills = wanted ?? (await accounts.skills.list(accountId)).map(({ skillId }) => skillId)
  const time = clock.now()
  const { bySkill, all } = await reading.waitsOf(accountId, skills, time)
  const ofSkill = (skillId: string) => [
    skillId,
    { time, ...health(bySkill.get(skillId) ?? NO_WAITS) },
  ]
  const skillsMetrics = Object.fromEntries(skills.map(ofSkill))
  // The guide has one name in its table, the other in its example.
  return { skillsMetrics, metricsTotals: health(all), metricsTotal: health(all) }
}

/** The published metrics, and `avgWaitTimeForAgentAssignment`, which is ours: of all that wait. */
function health(waits: Waits) {
  const { count, actionable, moved, actionableMoved, averageMoved } = waits
  return {
    unassignedConversations: count,
    actionableConversations: actionable,
    notActionableConversations: count - actionable,
    actionableAndDuringTransfer: actionableMoved,
    notActionableDuringTransfer: moved - actionableMoved,
    unassignedConversationsAndFirstTimeConsumer: waits.firstTime,
    overdueConversationsInQueue: waits.overdue,
    avgWaitTimeForAgentAssignment: waits.average,
    avgWaitTimeForAgentAssignment_NewConversation: waits.averageNew,
    avgWaitTimeForAgentAssignment_AfterTransfer: averageMoved,
    avgWaitTimeForAgentAssignment_AfterTransferFromAgent: averageMoved,
    maxWaitTimeForAgentAssignment: waits.longest,
    maxWaitTimeForAgentAssignment_AfterTransferFromAgent: waits.longestMoved,
    waitTimeForAgentAssignment_50thPercentile: waits.median,
    waitTimeForAgentAssignment_90thPercentile: waits.ninth,
  }
}
