import type { Logger, Monotonic } from '#base/kernel'
import { crashBackoff } from './backoff.ts'
import type { Blanks } from './blanks.ts'
import {
  choose,
  dispensable,
  type FleetCall,
  type Group,
  type Member,
  type Waiting,
} from './crew.ts'
import type { Instance } from './instance.ts'
import { FRESH_MB, type Limits } from './limits.ts'
import { outcomeOf, unavailable } from './outcome.ts'
import type { FunctionVersion, InstanceStart, SandboxOutcome, SandboxStats } from './types.ts'
import { openUsage } from './usage.ts'

export interface FleetDeps {
  logger: Logger
  monotonic: Monotonic
  limits: Limits
  blanks: Blanks
  /** Gives a blank its function. */
  install(instance: Instance, version: FunctionVersion): Disposable
  /** How far the platform's clock is from the system's, in ms. */
  clockOffset(): number
}

const TICK_MS = 100
const OLDEST_MS = 3_600_000
/** Above its limit an instance is still let clean up. */
const MEMORY_SLACK_MB = 50

export interface Fleet extends Disposable {
  invoke(call: FleetCall): Promise<SandboxOutcome>
  retire(deploymentId: string): void
  stats(): SandboxStats
  /** Something became free: calls that wait may be placed. */
  pump(): void
  /** How many blanks would be taken at once. */
  needed(): number
  /** No instance starts: whoever has none is told so. */
  giveUp(): void
}

export function openFleet(deps: FleetDeps): Fleet {
  const { logger, monotonic, limits, blanks } = deps
  const groups = new Map<string, Group>()
  const waitingGroups = new Set<Group>()
  const usage = openUsage(limits)
  let deaths = 0
  let isOpen = true

  function groupOf(version: FunctionVersion): Group {
    const known = groups.get(version.deploymentId)
    if (known) return known
    const made = { version, members: [], waiting: [], backoff: crashBackoff() }
    groups.set(version.deploymentId, made)
    return made
  }

  function forget({ members, waiting, backoff, version }: Group): void {
    if (members.length + waiting.length > 0) return
    if (backoff.isCalm(monotonic.now())) groups.delete(version.deploymentId)
  }

  function mayGrow({ members, backoff, version }: Group): boolean {
    return (
      members.length < limits.instancesPerFunction &&
      monotonic.now() >= backoff.until &&
      usage.hasRoom(version.accountId)
    )
  }

  /** The member that takes the call; undefined when the call has to wait. */
  function place(group: Group, since: number): Member | undefined {
    const { free, any, computing } = choose(group, limits.callsPerInstance)
    if (free) return free
    if (computing >= limits.processors || !mayGrow(group)) return any
    const blank = blanks.take()
    if (!blank) return undefined
    while (usage.isFull && endIdle());
    return join(group, blank, blank.idleSince > since ? 'spawn' : 'pool')
  }

  function endIdle(): boolean {
    const found = dispensable(groups.values(), usage.instancesOf, monotonic.now())
    if (found) end(found.group, found.member)
    return found !== undefined
  }

  function join(group: Group, instance: Instance, start: InstanceStart): Member {
    const { accountId, functionId } = group.version
    const member: Member = {
      instance,
      start,
      calls: 0,
      draining: false,
      bornAt: monotonic.now(),
      installed: deps.install(instance, group.version),
      isBusy: false,
      ownMb: FRESH_MB,
    }
    group.members.push(member)
    usage.joined(accountId, member)
    instance.onDeath(({ reason, expected }) => {
      leave(group, member)
      if (!expected) {
        deaths += 1
        group.backoff.died(monotonic.now())
        logger.warn({ accountId, functionId, reason }, 'An instance died')
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
    usage.left(group.version.accountId, member)
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
      logEntries: call.limits?.logEntries ?? limits.logEntries,
      logCharacters: call.limits?.logCharacters ?? limits.logCharacters,
      logs,
      outgoing,
      end(how) {
        // To the microsecond: what lies below is noise, and longer to write than the rest of a record.
        const durationMs = Math.round((monotonic.now() - startedAt) * 1000) / 1000
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
    usage.note(group.version.accountId, member)
  }

  function settle(group: Group, member: Member): void {
    if (member.instance.inFlight === 0) {
      if (member.draining) end(group, member)
      else if (group.members.includes(member)) usage.note(group.version.accountId, member)
    }
    if (group.waiting.length > 0) serve(group)
    // Blanks that nobody takes show that others wait for room, which an idle instance makes.
    if (waitingGroups.size > 0 && blanks.size > 0) pump()
  }

  function serve(group: Group): void {
    let [next] = group.waiting
    while (next) {
      const member = place(group, next.since)
      if (!member) return
      shift(group)
      run(group, member, next.call, next.resolve)
      next = group.waiting[0]
    }
  }

  /** Whoever waits is served, accounts that hold least first. */
  function pump(): void {
    if (waitingGroups.size === 0) return
    const held = ({ version }: Group) => usage.instancesOf(version.accountId)
    for (const group of [...waitingGroups].sort((a, b) => held(a) - held(b))) serve(group)
    blanks.refill()
  }

  function shift(group: Group): Waiting | undefined {
    usage.noteQueue(group.version.accountId, -1)
    const first = group.waiting.shift()
    if (group.waiting.length === 0) waitingGroups.delete(group)
    return first
  }

  function refuseAll(group: Group, outcome: SandboxOutcome): void {
    while (group.waiting.length > 0) shift(group)?.resolve(outcome)
  }

  function refuseLate(now: number): void {
    const late = unavailable('queue-full', 'No instance became free in time')
    for (const group of waitingGroups) {
      while (group.waiting[0] && now - group.waiting[0].since > limits.queueMs) {
        shift(group)?.resolve(late)
      }
    }
  }

  function watch(now: number, group: Group, member: Member): void {
    const { instance } = member
    if (instance.inFlight > 0) {
      const { ownMb, residentMb } = instance.child.memory()
      if (residentMb > limits.memoryMb + MEMORY_SLACK_MB) return instance.kill('memory limit')
      if (ownMb > 0) usage.note(group.version.accountId, member, ownMb)
      if (now - instance.busySince >= TICK_MS) instance.ping()
      return
    }
    const idleMs = now - instance.idleSince
    if (idleMs > limits.endAfterMs || now - member.bornAt > OLDEST_MS) end(group, member)
    else if (idleMs > limits.freezeAfterMs && instance.freeze()) {
      usage.note(group.version.accountId, member, instance.child.memory().ownMb || FRESH_MB)
    }
  }

  const ticking = monotonic.every(TICK_MS, () => {
    const now = monotonic.now()
    refuseLate(now)
    for (const group of groups.values()) {
      for (const member of Array.from(group.members)) watch(now, group, member)
      forget(group)
    }
    if (usage.isOver) endIdle()
    pump()
  })

  function wait(group: Group, call: FleetCall): Promise<SandboxOutcome> {
    const { accountId } = group.version
    if (!usage.mayQueue(accountId)) {
      return Promise.resolve(unavailable('queue-full', 'Too many calls wait for an instance'))
    }
    usage.noteQueue(accountId, 1)
    return new Promise((resolve) => {
      group.waiting.push({ call, since: monotonic.now(), resolve })
      waitingGroups.add(group)
      if (blanks.size === 0 && mayGrow(group)) blanks.missed()
    })
  }

  return {
    invoke(call) {
      if (!isOpen) return Promise.resolve(unavailable('closed', 'The sandbox is closed'))
      const group = groupOf(call.version)
      const member = group.waiting.length > 0 ? undefined : place(group, monotonic.now())
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
      const frozen = members.filter(({ instance }) => instance.isFrozen).length
      const { instances, queued } = usage
      return { instances, blanks: blanks.size, idle, frozen, inFlight, queued, deaths }
    },
    pump,
    needed: () => [...waitingGroups].filter(mayGrow).length,
    giveUp() {
      const outcome = unavailable('start-failed', 'No instance could be started')
      for (const group of waitingGroups) {
        if (group.members.length === 0) refuseAll(group, outcome)
      }
    },
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
