import type { Deps } from './deps.ts'

/** How many conversations wait now, and how long they have waited so far: by skill and in total. */
export async function queueHealthOf(
  { accounts, reading, clock }: Deps,
  accountId: string,
  wanted: readonly string[] | undefined,
): Promise<object> {
  const now = clock.now()
  const skills = wanted ?? (await accounts.skills.list(accountId)).map(({ skillId }) => skillId)
  const entries = await Promise.all(
    skills.map(async (skillId) => {
      const waits = await reading.listWaits(accountId, skillId, now)
      return [skillId, waits] as const
    }),
  )
  return {
    skillsMetrics: Object.fromEntries(entries.map(([skillId, waits]) => [skillId, health(waits)])),
    metricsTotals: health(entries.flatMap(([, waits]) => waits)),
  }
}

function health(waits: readonly number[]) {
  const sorted = waits.toSorted((a, b) => a - b)
  const percentile = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return {
    unassignedConversations: sorted.length,
    avgWaitTimeForAgentAssignment:
      sorted.length === 0 ? 0 : sorted.reduce((sum, wait) => sum + wait, 0) / sorted.length,
    waitTimeForAgentAssignment_50thPercentile: percentile(0.5),
    waitTimeForAgentAssignment_90thPercentile: percentile(0.9),
  }
}
