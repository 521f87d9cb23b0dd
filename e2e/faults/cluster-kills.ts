import { eventually } from '../live/eventually.ts'
import type { Cluster, Kill, KillPlan } from './cluster-nodes.ts'

export interface Traffic extends KillPlan {
  /** How many work side by side. */
  people: number
  /** Works until it is over, and brings to its end what it has begun. */
  work: (over: AbortSignal) => Promise<void>
  /** How many have got going. */
  underWay: () => number
  /** What has come of it so far, in words. */
  progress: () => string
  /** Whether the kills have met what they are to meet; as long as they have not, there are some more. */
  isEnough?: () => boolean
}

const MAX_MORE_KILLS = 10

/** Kills at random while people are at work, then lets them finish. Resolves to what went wrong with them. */
export async function killDuring(cluster: Cluster, traffic: Traffic): Promise<string[]> {
  const over = new AbortController()
  const { people, work, underWay, progress, isEnough = () => true } = traffic
  const everybody = Array.from({ length: people }, () => work(over.signal))
  // Looked at in the end: the kills go on when one of them fails.
  const working = Promise.allSettled(everybody)
  await eventually('Everybody to be at work', () => underWay() >= people || undefined, {
    pauseMs: 200,
  })
  const tell = (kill: Kill, nth: number) =>
    console.log(`kill ${nth} (${kill.victim}): ${progress()}`)
  await cluster.killAtRandom(traffic, tell)
  for (let more = 0; more < MAX_MORE_KILLS && !isEnough(); more += 2) {
    await cluster.killAtRandom({ ...traffic, ofEachNode: 1, ofDatabase: 0 }, tell)
  }
  over.abort()
  const outcomes = await working
  return outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [`Somebody failed: ${String(outcome.reason)}`] : [],
  )
}
