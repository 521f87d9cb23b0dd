import type { PassingMap } from '#base/kernel'
import type { Backoff } from './backoff.ts'
import type { Instance } from './instance.ts'
import type { Limits } from './limits.ts'
import type {
  FunctionVersion,
  InstanceStart,
  SandboxCall,
  SandboxOutcome,
  SandboxStats,
} from './types.ts'

/** A call, or a probe whether the version can be loaded. */
export type FleetCall = SandboxCall & { isProbe?: boolean }

/** An instance that runs a function. */
export interface PooledInstance {
  instance: Instance
  start: InstanceStart
  calls: number
  draining: boolean
  bornAt: number
  installed: Disposable
  /** Disposed of when the instance leaves. */
  priority: Disposable
  isBusy: boolean
  /** It belongs to who looks into it: not frozen, not evicted, not ended for its age. */
  isInspected: boolean
  /** Its private memory, as last measured. */
  ownMb: number
}

export interface Waiting {
  call: FleetCall
  since: number
  resolve(outcome: SandboxOutcome): void
}

/** All instances of one deployment, and the calls that wait for one. */
export interface FunctionInstances {
  version: FunctionVersion
  all: PooledInstance[]
  waiting: Waiting[]
  backoff: Backoff
}

/** An instance counts as used until so long after its last call. */
const IN_USE_MS = 10_000

interface Choice {
  free: PooledInstance | undefined
  any: PooledInstance | undefined
  computing: number
}

/** The instance that takes a call at once, one that takes it later, and how many are computing. */
export function pickInstance({ all }: FunctionInstances, callsPerInstance: number): Choice {
  let free: PooledInstance | undefined
  let any: PooledInstance | undefined
  let computing = 0
  for (const pooled of all) {
    const { isAlive, inFlight } = pooled.instance
    if (pooled.draining || !isAlive || inFlight >= callsPerInstance) continue
    if (!any || inFlight < any.instance.inFlight) any = pooled
    if (inFlight > 0 && pooled.instance.isComputing) computing += 1
    else if (!free || inFlight < free.instance.inFlight) free = pooled
  }
  return { free, any, computing }
}

/** The instances of a function that are looked into, whatever its deployment. */
export function inspectedInstances(
  functions: Iterable<FunctionInstances>,
  functionId: string,
): { instances: FunctionInstances; pooled: PooledInstance }[] {
  return [...functions]
    .filter(({ version }) => version.functionId === functionId)
    .flatMap((instances) => instances.all.map((pooled) => ({ instances, pooled })))
    .filter(({ pooled }) => pooled.isInspected)
}

/**
 * The idle instance to end when memory is needed: of the account with the most instances, the least recently used one.
 * A random one when all were used just now: of functions called in turn, the least recently used is the next to be called.
 */
export function evictionCandidate(
  functions: Iterable<FunctionInstances>,
  held: (accountId: string) => number,
  now: number,
): { instances: FunctionInstances; pooled: PooledInstance } | undefined {
  let most = 0
  let idle: { instances: FunctionInstances; pooled: PooledInstance }[] = []
  for (const instances of functions) {
    const holds = held(instances.version.accountId)
    if (holds < most) continue
    for (const pooled of instances.all) {
      if (pooled.instance.inFlight > 0 || pooled.isInspected) continue
      if (holds > most) idle = []
      most = holds
      idle.push({ instances, pooled })
    }
  }
  const [first, ...others] = idle
  if (!first) return undefined
  const oldest = others.reduce(
    (found, one) => (one.pooled.instance.idleSince < found.pooled.instance.idleSince ? one : found),
    first,
  )
  const isUnused = now - oldest.pooled.instance.idleSince > IN_USE_MS
  return isUnused ? oldest : idle[Math.floor(Math.random() * idle.length)]
}

/** So many calls of an instance that computes wait for each other. */
const CROWD = 10

/**
 * Whether a new call of the function would wait for long. One whose first instance has not begun yet is late for another reason, and
 * one that computes for few callers is not late.
 */
export function isLate(
  instances: FunctionInstances | undefined,
  limits: Pick<Limits, 'lateMs' | 'callsPerInstance' | 'processors'>,
  { now, mayGrow }: { now: number; mayGrow: (instances: FunctionInstances) => boolean },
): boolean {
  if (!instances || instances.all.length === 0) return false
  const [first] = instances.waiting
  if (first) return now - first.since > limits.lateMs
  const { free, any, computing } = pickInstance(instances, limits.callsPerInstance)
  const taker = free ?? any
  if (!taker || taker.instance.inFlight < CROWD) return false
  if (!free && computing < limits.processors && mayGrow(instances)) return false
  return taker.instance.silentMs > limits.lateMs
}

/**
 * The calls that have waited for too long: whoever can ask again waits twice as long as what counts as late, once the function has an
 * instance.
 */
export function overdue(
  { all, waiting }: FunctionInstances,
  { queueMs, lateMs }: Pick<Limits, 'queueMs' | 'lateMs'>,
  now: number,
): Waiting[] {
  const mostMs = all.length === 0 ? queueMs : Math.min(queueMs, 2 * lateMs)
  const [first] = waiting
  if (!first || now - first.since <= mostMs) return []
  return waiting.filter(({ call, since }) => {
    return now - since > (call.canAskAgain ? mostMs : queueMs)
  })
}

/** What the instances of all functions do. */
export function countCalls(
  functions: PassingMap<string, FunctionInstances>,
): Pick<SandboxStats, 'inFlight' | 'idle' | 'frozen'> {
  const all = [...functions.values()].flatMap((instances) => instances.all)
  return {
    inFlight: all.reduce((sum, { instance }) => sum + instance.inFlight, 0),
    idle: all.filter(({ instance }) => instance.inFlight === 0).length,
    frozen: all.filter(({ instance }) => instance.isFrozen).length,
  }
}
