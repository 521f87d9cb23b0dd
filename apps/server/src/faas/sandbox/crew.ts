import type { Backoff } from './backoff.ts'
import type { Instance } from './instance.ts'
import type { FunctionVersion, InstanceStart, SandboxCall, SandboxOutcome } from './types.ts'

/** A call, or the question whether the version can be loaded. */
export type FleetCall = SandboxCall & { isProbe?: boolean }

export interface Member {
  instance: Instance
  start: InstanceStart
  calls: number
  draining: boolean
  bornAt: number
  installed: Disposable
  isBusy: boolean
  /** What it was last seen to hold for itself. */
  ownMb: number
}

export interface Waiting {
  call: FleetCall
  since: number
  resolve(outcome: SandboxOutcome): void
}

export interface Group {
  version: FunctionVersion
  members: Member[]
  waiting: Waiting[]
  backoff: Backoff
}

/** An instance whose loop has not turned for so long computes: what comes to it now only waits. */
const COMPUTING_MS = 100
/** In use until so long after its last call. */
const IN_USE_MS = 10_000

interface Choice {
  free: Member | undefined
  any: Member | undefined
  computing: number
}

/** Who takes a call at once, who at least would take it in the end, and how many of those compute. */
export function choose({ members }: Group, callsPerInstance: number): Choice {
  let free: Member | undefined
  let any: Member | undefined
  let computing = 0
  for (const member of members) {
    const { isAlive, inFlight, silentMs } = member.instance
    if (member.draining || !isAlive || inFlight >= callsPerInstance) continue
    if (!any || inFlight < any.instance.inFlight) any = member
    if (inFlight > 0 && silentMs > COMPUTING_MS) computing += 1
    else if (!free || inFlight < free.instance.inFlight) free = member
  }
  return { free, any, computing }
}

/**
 * The idle member that makes room, of the account that holds most. It is the one that was not used longest; but when
 * all were used just now, any: of functions called in turn the one that was not used longest is the one called next.
 */
export function dispensable(
  groups: Iterable<Group>,
  held: (accountId: string) => number,
  now: number,
): { group: Group; member: Member } | undefined {
  let most = 0
  let idle: { group: Group; member: Member }[] = []
  for (const group of groups) {
    const holds = held(group.version.accountId)
    if (holds < most) continue
    for (const member of group.members) {
      if (member.instance.inFlight > 0) continue
      if (holds > most) idle = []
      most = holds
      idle.push({ group, member })
    }
  }
  const [first, ...others] = idle
  if (!first) return undefined
  const oldest = others.reduce(
    (found, one) => (one.member.instance.idleSince < found.member.instance.idleSince ? one : found),
    first,
  )
  const isUnused = now - oldest.member.instance.idleSince > IN_USE_MS
  return isUnused ? oldest : idle[Math.floor(Math.random() * idle.length)]
}
