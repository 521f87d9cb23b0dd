import { type Logger, type Monotonic, PassingMap, PassingSet } from '#base/kernel'
import { crashBackoff } from './backoff.ts'
import type { WarmPool } from './warm-pool.ts'
import {
  countCalls,
  evictionCandidate,
  type FleetCall,
  type FunctionInstances,
  inspectedInstances,
  isLate,
  overdue,
  pickInstance,
  type PooledInstance,
  type Waiting,
} from './pick-instance.ts'
import type { Instance } from './instance.ts'
import { FRESH_MB, type Limits } from './limits.ts'
import { outcomeOf, unavailable } from './outcome.ts'
import type { CallLog } from './read.ts'
import type { FunctionVersion, InstanceStart, SandboxOutcome, SandboxStats } from './types.ts'
import { openPriorities } from './priority.ts'
import { openUsage } from './usage.ts'

export interface FleetDeps {
  logger: Logger
  monotonic: Monotonic
  limits: Limits
  warmPool: WarmPool
  /** Gives an instance of the warm pool its function. */
  install(instance: Instance, version: FunctionVersion): Disposable
  /** An instance of its own for a version that is looked into. */
  startInspected(version: FunctionVersion): Instance | undefined
  /** How far the platform's clock is from the system's, in ms. */
  clockOffset(): number
}

const TICK_MS = 100
/** What nobody waits for leaves so many instances in the warm pool. */
const KEPT_FOR_CALLS = 1
const OLDEST_MS = 3_600_000
/** An instance may exceed its limit by this much: its own clean-up takes memory. */
const MEMORY_SLACK_MB = 50

export interface Fleet extends Disposable {
  invoke(call: FleetCall): Promise<SandboxOutcome>
  isLate(deploymentId: string): boolean
  retire(deploymentId: string): void
  stats(): SandboxStats
  /** Places waiting calls. To be called when an instance became free. */
  pump(): void
  /** How many instances of the warm pool would be taken at once. */
  needed(): number
  /** Refuses the waiting calls of functions without an instance, because none can be started. */
  giveUp(): void
}

export function openFleet(deps: FleetDeps): Fleet {
  const { logger, monotonic, limits, warmPool } = deps
  const byDeployment = new PassingMap<string, FunctionInstances>()
  const waitingFunctions = new PassingSet<FunctionInstances>()
  const usage = openUsage(limits)
  const priorities = openPriorities()
  let deaths = 0
  let isOpen = true

  const mayGrow = (instances: FunctionInstances) => usage.mayGrow(instances, monotonic.now())

  function instancesOf(version: FunctionVersion): FunctionInstances {
    const known = byDeployment.get(version.deploymentId)
    if (known) return known
    const made = { version, all: [], waiting: [], backoff: crashBackoff() }
    byDeployment.set(version.deploymentId, made)
    return made
  }

  function forget({ all, waiting, backoff, version }: FunctionInstances): void {
    if (all.length + waiting.length > 0) return
    if (backoff.isCalm(monotonic.now())) byDeployment.delete(version.deploymentId)
  }

  /** The instance that takes the call; `undefined` when the call has to wait. */
  function place(instances: FunctionInstances, since: number): PooledInstance | undefined {
    const inspected = instances.all.find(({ isInspected, draining }) => isInspected && !draining)
    if (inspected?.instance.isAlive) return inspected
    const atOnce = instances.version.replays ? 1 : limits.callsPerInstance
    const { free, any, computing } = pickInstance(instances, atOnce)
    if (free) return free
    if (computing >= limits.processors || !mayGrow(instances)) return any
    if (!instances.version.replays) {
      if (endInspected(instances)) return undefined
      const own = startInspected(instances)
      if (own) return own
    }
    const isSpare = warmPool.size > Math.min(KEPT_FOR_CALLS, limits.warmPool)
    const warm = instances.version.isPatient && !isSpare ? undefined : warmPool.take()
    if (!warm) return undefined
    while (usage.isFull && evictIdle());
    return join(instances, warm, warm.idleSince > since ? 'spawn' : 'pool')
  }

  /** At most one of each function. True while one ends: calls wait for its death, which frees the debugger's port. */
  function endInspected({ version }: FunctionInstances): boolean {
    const former = inspectedInstances(byDeployment.values(), version.functionId)
    for (const one of former) end(one.instances, one.pooled)
    return former.length > 0
  }

  function startInspected(instances: FunctionInstances): PooledInstance | undefined {
    const instance = deps.startInspected(instances.version)
    return instance && join(instances, instance, 'spawn', true)
  }

  function evictIdle(): boolean {
    const found = evictionCandidate(byDeployment.values(), usage.instancesOf, monotonic.now())
    if (found) end(found.instances, found.pooled)
    return found !== undefined
  }

  function join(
    instances: FunctionInstances,
    instance: Instance,
    start: InstanceStart,
    isInspected = false,
  ): PooledInstance {
    const { accountId, functionId, isPatient } = instances.version
    const pooled: PooledInstance = {
      instance,
      start,
      calls: 0,
      draining: false,
      bornAt: monotonic.now(),
      installed: deps.install(instance, instances.version),
      priority: priorities.join(accountId, instance, monotonic.now(), isPatient),
      isBusy: false,
      isInspected,
      ownMb: FRESH_MB,
    }
    instances.all.push(pooled)
    usage.joined(accountId, pooled)
    instance.onDeath(({ reason, expected }) => {
      leave(instances, pooled)
      if (!expected) {
        deaths += 1
        instances.backoff.died(monotonic.now())
        logger.warn({ accountId, functionId, reason }, 'An instance died')
      }
      pump()
    })
    return pooled
  }

  function leave(instances: FunctionInstances, pooled: PooledInstance): void {
    const at = instances.all.indexOf(pooled)
    if (at < 0) return
    instances.all.splice(at, 1)
    pooled.installed[Symbol.dispose]()
    pooled.priority[Symbol.dispose]()
    usage.left(instances.version.accountId, pooled)
  }

  function end(instances: FunctionInstances, pooled: PooledInstance): void {
    // One that is looked into leaves when it has died.
    if (!pooled.isInspected) leave(instances, pooled)
    pooled.instance.kill('ended')
  }

  function run(
    instances: FunctionInstances,
    pooled: PooledInstance,
    call: FleetCall,
    resolve: Waiting['resolve'],
  ): void {
    const start = pooled.calls++ === 0 ? pooled.start : 'warm'
    const startedAt = monotonic.now()
    const log: CallLog = { entries: [], isOverLimit: false }
    const outgoing: SandboxOutcome['outgoing'] = []
    const { replay } = call
    pooled.instance.call({
      body: call.body,
      conversationId: call.conversationId,
      keepsDebug: call.keepDebug === true,
      isProbe: call.isProbe === true,
      clockOffset: deps.clockOffset(),
      timeLimitMs: call.timeLimitMs ?? limits.timeMs,
      // A replay waits for nothing: it has the answers.
      onlyComputes: replay !== undefined || call.onlyComputes === true,
      logEntries: call.limits?.logEntries ?? limits.logEntries,
      logCharacters: call.limits?.logCharacters ?? limits.logCharacters,
      log,
      outgoing,
      seed: replay?.seed,
      trace: replay ? { keeps: true, bodyBytes: replay.bodyBytes } : call.trace,
      replay: replay?.body,
      end(how, trace) {
        // Rounded to the microsecond: more digits are noise and make records longer.
        const durationMs = Math.round((monotonic.now() - startedAt) * 1000) / 1000
        if (how.kind === 'result') instances.backoff.succeeded()
        const isSpent = how.kind === 'late' || (how.kind === 'failure' && how.failure.unusable)
        if (isSpent) {
          pooled.draining = true
          instances.backoff.died(monotonic.now())
        }
        resolve(outcomeOf(how, log, { outgoing, durationMs, start, ...(trace && { trace }) }))
        settle(instances, pooled)
      },
    })
    usage.note(instances.version.accountId, pooled)
  }

  function settle(instances: FunctionInstances, pooled: PooledInstance): void {
    if (pooled.instance.inFlight === 0) {
      if (pooled.draining) end(instances, pooled)
      else if (instances.all.includes(pooled)) usage.note(instances.version.accountId, pooled)
    }
    if (instances.waiting.length > 0) serve(instances)
    // Calls wait although the warm pool is not empty: the machine is full, and this idle instance can be evicted.
    if (waitingFunctions.size > 0 && warmPool.size > 0) pump()
  }

  function serve(instances: FunctionInstances): void {
    let [next] = instances.waiting
    while (next) {
      const pooled = place(instances, next.since)
      if (!pooled) return
      drop(instances, next)
      run(instances, pooled, next.call, next.resolve)
      next = instances.waiting[0]
    }
  }

  /** Serves waiting calls, those of accounts with the fewest instances first. */
  function pump(): void {
    if (waitingFunctions.size === 0) return
    const held = ({ version }: FunctionInstances) => usage.instancesOf(version.accountId)
    const inTurn = [...waitingFunctions].sort((a, b) => held(a) - held(b))
    for (const instances of inTurn) serve(instances)
    warmPool.refill()
  }

  /** It waits no longer. The one that has waited longest leaves without a search. */
  function drop(instances: FunctionInstances, waiting: Waiting): Waiting {
    usage.noteQueue(instances.version.accountId, -1)
    instances.waiting.splice(instances.waiting.indexOf(waiting), 1)
    if (instances.waiting.length === 0) waitingFunctions.delete(instances)
    return waiting
  }

  function refuse(instances: FunctionInstances, calls: Waiting[], outcome: SandboxOutcome): void {
    for (const one of Array.from(calls)) drop(instances, one).resolve(outcome)
  }

  function refuseLate(now: number): void {
    const late = unavailable('queue-full', 'No instance became free in time')
    for (const instances of waitingFunctions) {
      refuse(instances, overdue(instances, limits, now), late)
    }
  }

  function watch(now: number, instances: FunctionInstances, pooled: PooledInstance): void {
    const { instance } = pooled
    if (instance.inFlight > 0) {
      const { ownMb, residentMb } = instance.child.memory()
      if (residentMb > limits.memoryMb + MEMORY_SLACK_MB) return instance.kill('memory limit')
      if (ownMb > 0) usage.note(instances.version.accountId, pooled, ownMb)
      if (now - instance.busySince >= TICK_MS) instance.ping()
      return
    }
    if (pooled.isInspected) return
    const idleMs = now - instance.idleSince
    if (idleMs > limits.endAfterMs || now - pooled.bornAt > OLDEST_MS) end(instances, pooled)
    else if (idleMs > limits.freezeAfterMs && instance.freeze()) {
      usage.note(instances.version.accountId, pooled, instance.child.memory().ownMb || FRESH_MB)
    }
  }

  const ticking = monotonic.every(TICK_MS, () => {
    const now = monotonic.now()
    usage.ticked(now)
    refuseLate(now)
    for (const instances of byDeployment.values()) {
      for (const pooled of Array.from(instances.all)) watch(now, instances, pooled)
      forget(instances)
    }
    priorities.review(now)
    if (usage.isOver) evictIdle()
    pump()
  })

  function wait(instances: FunctionInstances, call: FleetCall): Promise<SandboxOutcome> {
    const { accountId } = instances.version
    if (!usage.mayQueue(accountId)) {
      return Promise.resolve(unavailable('queue-full', 'Too many calls wait for an instance'))
    }
    usage.noteQueue(accountId, 1)
    return new Promise((resolve) => {
      instances.waiting.push({ call, since: monotonic.now(), resolve })
      waitingFunctions.add(instances)
      if (warmPool.size === 0 && mayGrow(instances)) warmPool.missed()
    })
  }

  return {
    invoke(call) {
      if (!isOpen) return Promise.resolve(unavailable('closed', 'The sandbox is closed'))
      const instances = instancesOf(call.version)
      const pooled = instances.waiting.length > 0 ? undefined : place(instances, monotonic.now())
      if (!pooled) return wait(instances, call)
      return new Promise((resolve) => run(instances, pooled, call, resolve))
    },
    isLate: (deploymentId) =>
      isLate(byDeployment.get(deploymentId), limits, { now: monotonic.now(), mayGrow }),
    retire(deploymentId) {
      const instances = byDeployment.get(deploymentId)
      for (const pooled of Array.from(instances?.all ?? [])) {
        pooled.draining = true
        if (instances && pooled.instance.inFlight === 0) end(instances, pooled)
      }
    },
    stats() {
      const { instances, queued } = usage
      return { instances, queued, deaths, warmPool: warmPool.size, ...countCalls(byDeployment) }
    },
    pump,
    needed: () => [...waitingFunctions].filter(mayGrow).length,
    giveUp() {
      const outcome = unavailable('start-failed', 'No instance could be started')
      for (const instances of waitingFunctions) {
        if (instances.all.length === 0) refuse(instances, instances.waiting, outcome)
      }
    },
    [Symbol.dispose]() {
      isOpen = false
      ticking[Symbol.dispose]()
      const closed = unavailable('closed', 'The sandbox is closed')
      for (const instances of waitingFunctions) refuse(instances, instances.waiting, closed)
      for (const instances of byDeployment.values()) {
        for (const pooled of Array.from(instances.all)) end(instances, pooled)
      }
    },
  }
}
