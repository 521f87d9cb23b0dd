import { readdirSync, writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { PassingMap, PassingSet } from '#base/kernel'
import { readProcFile, timesOf } from './child.ts'
import { INSTANCE_NICE } from './confinement.ts'
import type { Instance } from './instance.ts'

/** Of an instance that computes, or for whose calls nobody waits: 40 % of the weight of others. */
const YIELDING_NICE = 19
/** An account has paused when its instances together would have used less than this share of one processor. */
const PAUSED_SHARE = 0.9
/** Processor time without a pause after which those of an account's instances that compute give way. */
const MAX_STRETCH_MS = 200
/** Share of one processor from which an instance is one of those. */
const COMPUTING_SHARE = 0.1
/** Long enough for most waits to be over: the kernel counts them at their end. */
const REVIEW_EVERY_MS = 200
const NS_PER_MS = 1e6

/**
 * Keeps functions from taking the processors from the server, and those that compute from taking them from other accounts. Where the
 * kernel groups processes by session (sched(7), "The autogroup feature"), the nice value of an instance has no effect, so its session
 * gets the same; each instance is one of its own. Elsewhere an ordinary user cannot take a higher value back: an instance that has
 * computed yields until it ends.
 */
export interface Priorities {
  /** The instance counts for the account until it is disposed; one that `isPatient` does not: it gives way from the beginning. */
  join(
    accountId: string,
    instance: Pick<Instance, 'child' | 'isFrozen'>,
    now: number,
    isPatient?: boolean,
  ): Disposable
  /** To be called several times a second; reviews at some of these times. `now` is in ms, here as above. */
  review(now: number): void
}

interface Member {
  accountId: string
  instance: Pick<Instance, 'child' | 'isFrozen'>
  reviewedAt: number
  usedMs: number
  /** `undefined` while it does not compute: reading it takes long. */
  demandMs: number | undefined
  isComputing: boolean
  /** `undefined` until the kernel has taken one. */
  nice: number | undefined
}

/** What an instance has used, and would have used, since it was reviewed last. */
interface Load {
  usedMs: number
  demandShare: number
}

export function openPriorities(): Priorities {
  const members = new PassingSet<Member>()
  /** Processor time of accounts since they have paused. Bounded: an account without instances is not in it. */
  const stretches = new PassingMap<string, number>()
  let reviewedAt = -Infinity

  function reviewAccount(accountId: string, own: readonly Member[], now: number): void {
    const loads = new Map(own.map((member) => [member, loadOf(member, now)]))
    const sum = (of: (load: Load) => number) =>
      Array.from(loads.values(), of).reduce((total, value) => total + value, 0)
    const hasPaused = sum(({ demandShare }) => demandShare) < PAUSED_SHARE
    const stretchMs = hasPaused ? 0 : (stretches.get(accountId) ?? 0) + sum(({ usedMs }) => usedMs)
    stretches.set(accountId, stretchMs)
    for (const [member, { demandShare }] of loads) {
      if (hasPaused) member.isComputing = false
      else if (stretchMs > MAX_STRETCH_MS && demandShare > COMPUTING_SHARE) {
        member.isComputing = true
      }
    }
  }

  function apply(member: Member): void {
    const nice = member.isComputing ? YIELDING_NICE : INSTANCE_NICE
    if (nice !== member.nice && setNice(member.instance.child.pid, nice)) member.nice = nice
  }

  return {
    join(accountId, instance, now, isPatient = false) {
      if (isPatient) {
        setNice(instance.child.pid, YIELDING_NICE)
        return new DisposableStack()
      }
      const member: Member = {
        accountId,
        instance,
        reviewedAt: now,
        // What it has used so far, it used to start.
        usedMs: process.platform === 'linux' ? timesOf(instance.child.pid).usedMs : 0,
        demandMs: undefined,
        isComputing: false,
        nice: undefined,
      }
      members.add(member)
      apply(member)
      return { [Symbol.dispose]: () => void members.delete(member) }
    },
    review(now) {
      if (process.platform !== 'linux' || now - reviewedAt < REVIEW_EVERY_MS) return
      reviewedAt = now
      const awake = Array.from(members).filter(({ instance }) => !instance.isFrozen)
      const accounts = Map.groupBy(awake, ({ accountId }) => accountId)
      for (const [accountId, own] of accounts) reviewAccount(accountId, own, now)
      // Those that compute first: the kernel may take few changes at once.
      for (const member of awake) if (member.isComputing) apply(member)
      for (const member of awake) apply(member)
      for (const accountId of stretches.keys()) {
        if (!accounts.has(accountId)) stretches.delete(accountId)
      }
    },
  }
}

function loadOf(member: Member, now: number): Load {
  const { pid } = member.instance.child
  const before = { ...member }
  const { usedMs, isRunnable: isFirstRunnable } = timesOf(pid)
  // One that gives way may have got nothing, and have threads that waited all the time: that is no pause.
  const isRunnable =
    isFirstRunnable || (member.isComputing && threadsOf(pid).some(isThreadRunnable))
  member.reviewedAt = now
  member.usedMs = usedMs
  const newMs = usedMs - before.usedMs
  if (pid === 0) return { usedMs: 0, demandShare: 0 }
  member.demandMs = isRunnable || newMs > 0 ? demandMsOf(pid) : undefined
  // What it has used says little by itself: at a low priority it may get nothing of what it would use.
  const { demandMs = 0 } = member
  const waitedMs = before.demandMs === undefined ? newMs : demandMs - before.demandMs
  const demandShare = Math.max(newMs, waitedMs) / Math.max(1, now - before.reviewedAt)
  return { usedMs: newMs, demandShare: isRunnable ? Math.max(1, demandShare) : demandShare }
}

/** False when it is to be tried again; systems other than Linux have nothing to set. */
function setNice(pid: number, nice: number): boolean {
  if (process.platform !== 'linux') return true
  if (pid === 0 || !setSessionNice(pid, nice)) return false
  for (const thread of threadsOf(pid)) {
    try {
      setPriority(Number(thread), nice)
    } catch {
      // It has ended meanwhile, or the server's user may not take back a higher value.
    }
  }
  return true
}

/** False when the kernel takes no more at the moment: one such change in 0.1 s from all ordinary users together. */
function setSessionNice(pid: number, nice: number): boolean {
  try {
    writeFileSync(`/proc/${pid}/autogroup`, String(nice))
    return true
  } catch (error) {
    // Any other says that it has ended, or that the kernel does not group processes by session.
    return (error as NodeJS.ErrnoException).code !== 'EAGAIN'
  }
}

/** How long its threads have run, or have waited for a processor. */
function demandMsOf(pid: number): number {
  let sumNs = 0
  for (const thread of threadsOf(pid)) {
    const times = readProcFile(`/proc/${pid}/task/${thread}/schedstat`).split(' ')
    sumNs += Number(times[0] ?? 0) + Number(times[1] ?? 0)
  }
  return sumNs / NS_PER_MS
}

function isThreadRunnable(thread: string): boolean {
  return timesOf(Number(thread)).isRunnable
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}
