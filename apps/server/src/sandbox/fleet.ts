import type { Logger, Monotonic } from '#kernel'
import { crashBackoff } from './backoff.ts'
import type { Blanks } from './blanks.ts'
import {
  type FleetCall,
  type Group,
  leastBusy,
  longestIdle,
  type Member,
  type Waiting,
} from './crew.ts'
import type { Instance } from './instance.ts'
import type { Limits } from './limits.ts'
import { outcomeOf, unavailable } from './outcome.ts'
import type { FunctionVersion, InstanceStart, SandboxOutcome, SandboxStats } from './types.ts'

export interface FleetDeps {
  logger: Logger
  monotonic: Monotonic
  limits: Limits
  blanks: Blanks
  /** Boots an instance outside the pool. */
  boot(): { instance: Instance; ready: Promise<void> }
  /** Gives a blank its function. */
  install(instance: Instance, version: FunctionVersion): Disposable
  /** How far the platform's clock is from the system's, in ms. */
  clockOffset(): number
}

/** One account may keep this share of the machine's instances busy, so that another one always finds room. */
const ACCOUNT_SHARE = 0.75
const ACCOUNT_QUEUE_SHARE = 0.5
/** An instance that said nothing for so long while calls wait is taken as busy computing. */
const SILENT_MS = 100
const TICK_MS = 100
const OLDEST_MS = 3_600_000

export interface Fleet extends Disposable {
  invoke(call: FleetCall): Promise<SandboxOutcome>
  retire(deploymentId: string): void
  stats(): SandboxStats
  /** Something became free: calls that wait may be placed. */
  pump(): void
}

export function openFleet(deps: FleetDeps): Fleet {
  const { logger, monotonic, limits, blanks } = deps
  const groups = new Map<string, Group>()
  const waitingGroups = new Set<Group>()
  const perAccount = new Map<string, number>()
  let instances = 0
  let queued = 0
  let deaths = 0
  let isOpen = true

  function groupOf(version: FunctionVersion): Group {
    const known = groups.get(version.deploymentId)
    if (known) return known
    const made = { version, members: [], booting: 0, waiting: [], backoff: crashBackoff() }
    groups.set(version.deploymentId, made)
    return made
  }

  function forget(group: Group): void {
    const { members, booting, waiting, backoff, version } = group
    if (members.length + booting + waiting.length > 0) return
    if (backoff.isCalm(monotonic.now())) groups.delete(version.deploymentId)
  }

  function count(group: Group, by: 1 | -1): void {
    const { accountId } = group.version
    instances += by
    const left = (perAccount.get(accountId) ?? 0) + by
    if (left === 0) perAccount.delete(accountId)
    else perAccount.set(accountId, left)
  }

  /** The member that takes the next call; undefined when the call has to wait. */
  function place(group: Group): Member | undefined {
    const best = leastBusy(group)
    const { inFlight = 0 } = best?.instance ?? {}
    const isFull = !best || inFlight >= limits.callsPerInstance
    const isSilent =
      best !== undefined && inFlight > 0 && monotonic.now() - best.instance.heardAt > SILENT_MS
    if (!isFull && !isSilent) return best
    return grow(group) ?? (isFull ? undefined : best)
  }

  /** Adds an instance, at once from the pool or later by booting one. */
  function grow(group: Group): Member | undefined {
    const mine = group.members.length + group.booting
    if (mine >= limits.instancesPerFunction || monotonic.now() < group.backoff.until)
      return undefined
    if (!makeRoom(group)) return undefined
    const blank = blanks.take()
    if (blank) return join(group, blank, 'pool')
    if (group.booting === 0) bootFor(group)
    return undefined
  }

  function makeRoom(group: Group): boolean {
    const { accountId } = group.version
    const ceiling = Math.max(1, Math.floor(limits.instances * ACCOUNT_SHARE))
    // Idle instances make room at any time; only busy ones keep another account waiting.
    if ((perAccount.get(accountId) ?? 0) >= ceiling && busyOf(accountId) >= ceiling) return false
    return instances < limits.instances || endIdle()
  }

  function busyOf(accountId: string): number {
    let busy = 0
    for (const { version, members, booting } of groups.values()) {
      if (version.accountId !== accountId) continue
      busy += booting + members.filter(({ instance }) => instance.inFlight > 0).length
    }
    return busy
  }

  function endIdle(): boolean {
    const oldest = longestIdle(groups.values())
    if (oldest) end(oldest.group, oldest.member)
    return oldest !== undefined
  }

  function bootFor(group: Group): void {
    group.booting += 1
    count(group, 1)
    const { instance, ready } = deps.boot()
    const booted = () => {
      group.booting -= 1
      count(group, -1)
    }
    ready.then(
      () => {
        booted()
        if (!isOpen) return instance.kill('ended')
        join(group, instance, 'spawn')
        pump()
      },
      (error: unknown) => {
        booted()
        if (!isOpen) return
        logger.error({ err: error }, 'An instance did not start')
        group.backoff.died(monotonic.now())
        if (group.members.length > 0) return
        refuseAll(group, unavailable('start-failed', 'No instance could be started'))
      },
    )
  }

  function join(group: Group, instance: Instance, start: InstanceStart): Member {
    const bornAt = monotonic.now()
    const installed = deps.install(instance, group.version)
    const member: Member = { instance, start, calls: 0, draining: false, bornAt, installed }
    group.members.push(member)
    count(group, 1)
    instance.onDeath(({ why, expected }) => {
      leave(group, member)
      if (!expected) {
        deaths += 1
        group.backoff.died(monotonic.now())
        const { accountId, functionId } = group.version
        logger.warn({ accountId, functionId, why }, 'An instance died')
      }
      pump()
    })
    return member
  }

  function leave(group: Group, member: Member): void {
    const at = group.members.indexOf(member)
    if (at < 0) return
    group.members.splice(at, 1)
    member.installed[Symbol.dispose]()
    count(group, -1)
  }

  function end(group: Group, member: Member): void {
    leave(group, member)
    member.instance.kill('ended')
  }

  function run(group: Group, member: Member, call: FleetCall, resolve: Waiting['resolve']): void {
    const start = member.calls === 0 ? member.start : 'warm'
    member.calls += 1
    const startedAt = monotonic.now()
    const logs: SandboxOutcome['logs'] = []
    const outgoing: SandboxOutcome['outgoing'] = []
    member.instance.call({
      body: call.body,
      keepsDebug: call.keepDebug === true,
      isProbe: call.isProbe === true,
      clockOffset: deps.clockOffset(),
      timeLimitMs: call.timeLimitMs ?? limits.timeMs,
      logs,
      outgoing,
      end(how) {
        const durationMs = monotonic.now() - startedAt
        if (how.kind === 'result') group.backoff.succeeded()
        const isSpent = how.kind === 'late' || (how.kind === 'failure' && how.failure.unusable)
        if (isSpent) {
          member.draining = true
          group.backoff.died(monotonic.now())
        }
        resolve(outcomeOf(how, { logs, outgoing, durationMs, start }, limits))
        settle(group, member)
      },
    })
  }

  function settle(group: Group, member: Member): void {
    if (member.draining && member.instance.inFlight === 0) end(group, member)
    if (waitingGroups.size > 0) pump()
  }

  function pump(): void {
    const byNeed = [...waitingGroups].sort(
      (a, b) =>
        (perAccount.get(a.version.accountId) ?? 0) - (perAccount.get(b.version.accountId) ?? 0),
    )
    for (const group of byNeed) {
      while (group.waiting.length > 0) {
        const member = place(group)
        if (!member) break
        const next = group.waiting.shift()
        queued -= 1
        if (next) run(group, member, next.call, next.resolve)
      }
      if (group.waiting.length === 0) waitingGroups.delete(group)
    }
  }

  function refuseAll(group: Group, outcome: SandboxOutcome): void {
    const refused = group.waiting.splice(0)
    queued -= refused.length
    waitingGroups.delete(group)
    for (const { resolve } of refused) resolve(outcome)
  }

  function refuseLate(now: number): void {
    for (const group of waitingGroups) {
      while (group.waiting[0] && now - group.waiting[0].since > limits.queueMs) {
        queued -= 1
        group.waiting.shift()?.resolve(unavailable('queue-full', 'No instance became free in time'))
      }
      if (group.waiting.length === 0) waitingGroups.delete(group)
    }
  }

  function watch(now: number, group: Group, member: Member): void {
    const { instance } = member
    if (instance.inFlight > 0) {
      if (instance.child.residentMb() > limits.memoryMb + 50) instance.kill('memory limit')
      return
    }
    const idleMs = now - instance.idleSince
    if (idleMs > limits.endAfterMs || now - member.bornAt > OLDEST_MS) end(group, member)
    else if (idleMs > limits.freezeAfterMs) instance.freeze()
  }

  const ticking = monotonic.every(TICK_MS, () => {
    const now = monotonic.now()
    refuseLate(now)
    for (const group of groups.values()) {
      for (const member of Array.from(group.members)) watch(now, group, member)
      forget(group)
    }
    if (waitingGroups.size > 0) pump()
  })

  function wait(group: Group, call: FleetCall): Promise<SandboxOutcome> {
    const ofAccount = [...waitingGroups]
      .filter(({ version }) => version.accountId === group.version.accountId)
      .reduce((sum, { waiting }) => sum + waiting.length, 0)
    const isFull =
      queued >= limits.queuedCalls || ofAccount >= limits.queuedCalls * ACCOUNT_QUEUE_SHARE
    if (isFull)
      return Promise.resolve(unavailable('queue-full', 'Too many calls wait for an instance'))
    queued += 1
    return new Promise((resolve) => {
      group.waiting.push({ call, since: monotonic.now(), resolve })
      waitingGroups.add(group)
    })
  }

  return {
    invoke(call) {
      if (!isOpen) return Promise.resolve(unavailable('closed', 'The sandbox is closed'))
      const group = groupOf(call.version)
      const member = group.waiting.length > 0 ? undefined : place(group)
      if (!member) return wait(group, call)
      return new Promise((resolve) => run(group, member, call, resolve))
    },
    retire(deploymentId) {
      const group = groups.get(deploymentId)
      for (const member of Array.from(group?.members ?? [])) {
        member.draining = true
        if (group && member.instance.inFlight === 0) end(group, member)
      }
    },
    stats() {
      const members = [...groups.values()].flatMap((group) => group.members)
      const inFlight = members.reduce((sum, { instance }) => sum + instance.inFlight, 0)
      const idle = members.filter(({ instance }) => instance.inFlight === 0).length
      return { instances, blanks: blanks.size, idle, inFlight, queued, deaths }
    },
    pump,
    [Symbol.dispose]() {
      isOpen = false
      ticking[Symbol.dispose]()
      for (const group of waitingGroups)
        refuseAll(group, unavailable('closed', 'The sandbox is closed'))
      for (const group of groups.values()) {
        for (const member of Array.from(group.members)) end(group, member)
      }
    },
  }
}
