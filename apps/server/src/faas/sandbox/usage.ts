import type { Member } from './crew.ts'
import { FRESH_MB, type Limits } from './limits.ts'

/** One account may keep this share of the machine busy, so that another one always finds room. */
const BUSY_SHARE = 0.75
const QUEUE_SHARE = 0.5

interface OfAccount {
  instances: number
  busy: number
  busyMb: number
  queued: number
}

/** What runs and waits on this machine, in all and by account. */
export interface Usage {
  readonly instances: number
  readonly queued: number
  /** Somebody has to end before the next instance joins. */
  readonly isFull: boolean
  /** The instances hold more than they may. */
  readonly isOver: boolean
  instancesOf(accountId: string): number
  /** There is room for one more of this account, or an idle one can make it. */
  hasRoom(accountId: string): boolean
  mayQueue(accountId: string): boolean
  joined(accountId: string, member: Member): void
  left(accountId: string, member: Member): void
  /** Notes whether the member has work, and what it holds. */
  note(accountId: string, member: Member, ownMb?: number): void
  /** Notes calls that begin to wait, or do so no more. */
  noteQueue(accountId: string, by: number): void
}

export function openUsage(limits: Limits): Usage {
  const accounts = new Map<string, OfAccount>()
  let instances = 0
  let busy = 0
  let queued = 0
  let heldMb = 0
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

  function setBusy(accountId: string, member: Member, isBusy: boolean): void {
    if (member.isBusy === isBusy) return
    member.isBusy = isBusy
    const by = isBusy ? 1 : -1
    add(accountId, { busy: by, busyMb: by * member.ownMb })
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
    hasRoom(accountId) {
      if (isFull() && instances === busy) return false
      const own = accounts.get(accountId)
      if (!own || own.busy === 0) return true
      return own.busy < busyAtMost && own.busyMb + FRESH_MB <= limits.instancesMb * BUSY_SHARE
    },
    mayQueue(accountId) {
      const own = accounts.get(accountId)?.queued ?? 0
      return queued < limits.queuedCalls && own < limits.queuedCalls * QUEUE_SHARE
    },
    joined(accountId, member) {
      add(accountId, { instances: 1 })
      heldMb += member.ownMb
    },
    left(accountId, member) {
      setBusy(accountId, member, false)
      add(accountId, { instances: -1 })
      heldMb -= member.ownMb
    },
    note(accountId, member, ownMb = member.ownMb) {
      const more = ownMb - member.ownMb
      member.ownMb = ownMb
      heldMb += more
      if (member.isBusy) add(accountId, { busyMb: more })
      setBusy(accountId, member, member.instance.inFlight > 0)
    },
    noteQueue: (accountId, by) => add(accountId, { queued: by }),
  }
}
