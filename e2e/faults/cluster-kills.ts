import { eventually } from '../live/eventually.ts'
import type { Cluster, KillPlan } from './cluster-nodes.ts'

export interface Traffic extends KillPlan {
  /** How many work side by side. */
  people: number
  /** Works until it is over, and brings to its end what it has begun. */
  work: (over: AbortSignal) => Promise<void>
  /** How many have got going. */
  underWay: () => number
  /** What has come of it so far, in words. */
  progress: () => string
}

/** Kills at random while people are at work, then lets them finish. Resolves to what went wrong with them. */
export async function killDuring(cluster: Cluster, traffic: Traffic): Promise<string[]> {
  const over = new AbortController()
  const { people, work, underWay, progress } = traffic
  const everybody = Array.from({ length: people }, () => work(over.signal))
  // Looked at in the end: the kills go on when one of them fails.
  const working = Promise.allSettled(everybody)
  await eventually('Everybody to be at work', () => underWay() >= people || undefined, {
    patienceMs: 300_000,
    pauseMs: 200,
  })
  await cluster.killAtRandom(traffic, (kill, nth) =>
    console.log(`kill ${nth} (${kill.victim}): ${progress()}`),
  )
  over.abort()
  const outcomes = await working
  return outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [`Somebody failed: ${String(outcome.reason)}`] : [],
  )
}
