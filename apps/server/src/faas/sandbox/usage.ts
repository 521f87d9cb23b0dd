import { PassingMap } from '#base/kernel'
import type { FunctionInstances, PooledInstance } from './pick-instance.ts'
import { FRESH_MB, type Limits } from './limits.ts'

/** One account may keep this share of the machine busy; the rest stays for other accounts. */
const BUSY_SHARE = 0.75
const QUEUE_SHARE = 0.5
/** A process whose ticks are so far apart is late. */
const LATE_MS = 200

interface OfAccount {
  instances: number
  busy: number
  busyMb: number
  queued: number
}

/** Running instances and waiting calls on this machine, in all and by account. */
export interface Usage {
  readonly instances: number
  readonly queued: number
  /** An instance has to end before the next one can join. */
  readonly isFull: boolean
  /** The instances hold more memory than they may. */
  readonly isOver: boolean
  instancesOf(accountId: string): number
  /**
   * Whether the function may have one more instance, which fits or fits when an idle one is evicted. While this process is late it is the
   * processors that are short, and more instances would take them: a function has its first one then.
   */
  mayGrow(instances: FunctionInstances, now: number): boolean
  /** To be called often, at equal intervals. */
  ticked(now: number): void
  mayQueue(accountId: string): boolean
  joined(accountId: string, pooled: PooledInstance): void
  left(accountId: string, pooled: PooledInstance): void
  /** Notes whether the instance has work, and its memory. */
  note(accountId: string, pooled: PooledInstance, ownMb?: number): void
  /** Notes calls that begin (positive) or end (negative) to wait. */
  noteQueue(accountId: string, by: number): void
}

export function openUsage(limits: Limits): Usage {
  const accounts = new PassingMap<string, OfAccount>()
  let instances = 0
  let busy = 0
  let queued = 0
  let heldMb = 0
  let tickedAt = Infinity
  let isLate = false
  const busyAtMost = Math.max(1, Math.floor(limits.instances * BUSY_SHARE))
  const isFull = () => instances >= limits.instances || heldMb + FRESH_MB > limits.instancesMb

  function add(accountId: string, more: Partial<OfAccount>): void {
    const known = accounts.get(accountId) ?? { instances: 0, busy: 0, busyMb: 0, queued: 0 }
    known.instances += more.instances ?? 0
    known.busy += more.busy ?? 0
    known.busyMb += more.busyMb ?? 0
    known.queued += more.queued ?? 0
    if (known.instances + known.queued === 0) accounts.delete(accountId)
    else accounts.set(accountId, known)
    instances += more.instances ?? 0
    busy += more.busy ?? 0
    queued += more.queued ?? 0
  }

  function setBusy(accountId: string, pooled: PooledInstance, isBusy: boolean): void {
    if (pooled.isBusy === isBusy) return
    pooled.isBusy = isBusy
    const by = isBusy ? 1 : -1
    add(accountId, { busy: by, busyMb: by * pooled.ownMb })
  }

  function hasCapacity(accountId: string): boolean {
    if (isFull() && instances === busy) return false
    const own = accounts.get(accountId)
    if (!own || own.busy === 0) return true
    return own.busy < busyAtMost && own.busyMb + FRESH_MB <= limits.instancesMb * BUSY_SHARE
  }

  return {
    get instances() {
      return instances
    },
    get queued() {
      return queued
    },
    get isFull() {
      return isFull()
    },
    get isOver() {
      return heldMb > limits.instancesMb
    },
    instancesOf: (accountId) => accounts.get(accountId)?.instances ?? 0,
    mayGrow: ({ all, backoff, version }, now) =>
      all.length < (isLate ? 1 : limits.instancesPerFunction) &&
      now >= backoff.until &&
      hasCapacity(version.accountId),
    ticked(now) {
      isLate = now - tickedAt > LATE_MS
      tickedAt = now
    },
    mayQueue(accountId) {
      const own = accounts.get(accountId)?.queued ?? 0
      return queued < limits.queuedCalls && own < limits.queuedCalls * QUEUE_SHARE
    },
    joined(accountId, pooled) {
      add(accountId, { instances: 1 })
      heldMb += pooled.ownMb
    },
    left(accountId, pooled) {
      setBusy(accountId, pooled, false)
      add(accountId, { instances: -1 })
      heldMb -= pooled.ownMb
    },
    note(accountId, pooled, ownMb = pooled.ownMb) {
      const more = ownMb - pooled.ownMb
      pooled.ownMb = ownMb
      heldMb += more
      if (pooled.isBusy) add(accountId, { busyMb: more })
      setBusy(accountId, pooled, pooled.instance.inFlight > 0)
    },
    noteQueue: (accountId, by) => add(accountId, { queued: by }),
  }
}
