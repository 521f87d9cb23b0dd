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
}

export interface Waiting {
  call: FleetCall
  since: number
  resolve(outcome: SandboxOutcome): void
}

export interface Group {
  version: FunctionVersion
  members: Member[]
  booting: number
  waiting: Waiting[]
  backoff: Backoff
}

export function leastBusy(group: Group): Member | undefined {
  let best: Member | undefined
  for (const member of group.members) {
    if (member.draining || !member.instance.isAlive) continue
    if (!best || member.instance.inFlight < best.instance.inFlight) best = member
  }
  return best
}

/** The member that has been idle longest, of one account or of all. */
export function longestIdle(groups: Iterable<Group>): { group: Group; member: Member } | undefined {
  let oldest: { group: Group; member: Member } | undefined
  for (const group of groups) {
    for (const member of group.members) {
      if (member.instance.inFlight > 0) continue
      const isOlder = !oldest || member.instance.idleSince < oldest.member.instance.idleSince
      if (isOlder) oldest = { group, member }
    }
  }
  return oldest
}
