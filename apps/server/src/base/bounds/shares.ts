import { PassingMap } from '#base/kernel'
import type { Bound } from './declare.ts'
import { countBeyond, countStructure } from './use.ts'

/** What holds some of a sum that has a bound. */
export interface ShareOwner {
  /** Owners of one group have a bound of their own, so that they cannot harm others. */
  readonly group: string
  /** Ends the owner, because it holds most when too much is held. What it holds is no longer counted. */
  cut(): void
}

/** Amounts that change all the time, such as the bytes in the buffers of sockets. */
export interface Shares {
  /** States what the owner holds now; 0 when it is gone. */
  hold(owner: ShareOwner, amount: number): void
  readonly held: number
}

/** When a group, or all together, hold too much, the owner that holds most of it is cut. */
export function openShares(bound: Bound<'shares'>): Shares {
  const { limit, each = limit } = bound
  // Bounded by `limit`: an owner that holds nothing is not in them.
  const byOwner = new PassingMap<ShareOwner, number>()
  const byGroup = new PassingMap<string, number>()
  let held = 0

  function set(owner: ShareOwner, amount: number): void {
    const more = amount - (byOwner.get(owner) ?? 0)
    if (amount > 0) byOwner.set(owner, amount)
    else byOwner.delete(owner)
    held += more
    const ofGroup = (byGroup.get(owner.group) ?? 0) + more
    if (ofGroup > 0) byGroup.set(owner.group, ofGroup)
    else byGroup.delete(owner.group)
  }

  function cutLargest(among: (owner: ShareOwner) => boolean): void {
    let largest: ShareOwner | undefined
    for (const [owner, amount] of byOwner) {
      if (among(owner) && amount > (largest ? (byOwner.get(largest) ?? 0) : 0)) largest = owner
    }
    if (!largest) return
    set(largest, 0)
    countBeyond(bound)
    largest.cut()
  }

  const shares: Shares = {
    hold(owner, amount) {
      set(owner, amount)
      const { group } = owner
      while ((byGroup.get(group) ?? 0) > each) cutLargest((other) => other.group === group)
      while (held > limit) cutLargest(() => true)
    },
    get held() {
      return held
    },
  }
  countStructure(bound, shares, heldBy)
  return shares
}

function heldBy({ held }: Shares): number {
  return held
}
