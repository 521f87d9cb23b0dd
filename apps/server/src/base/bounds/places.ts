import { PassingMap } from '#base/kernel'
import type { Bound } from './declare.ts'
import { countBeyond, countStructure } from './use.ts'

/** Places that owners take and leave, such as sockets of an address. */
export interface Places {
  /** Takes some until it is disposed, which may be repeated. `undefined` when so many are not free, for this owner or in all. */
  take(owner: string, amount?: number): Disposable | undefined
  readonly taken: number
}

/** @param limits in place of the declared ones, where the operator sets others */
export function openPlaces(
  bound: Bound<'places'>,
  limits: { limit?: number; each?: number } = {},
): Places {
  const { limit, each = limit } = { ...bound, ...limits }
  // Bounded by `limit`: an owner without a place is not in it.
  const byOwner = new PassingMap<string, number>()
  let taken = 0

  function leave(owner: string, amount: number): void {
    taken -= amount
    const left = (byOwner.get(owner) ?? 0) - amount
    if (left > 0) byOwner.set(owner, left)
    else byOwner.delete(owner)
  }

  const places: Places = {
    take(owner, amount = 1) {
      const own = byOwner.get(owner) ?? 0
      if (own + amount > each || taken + amount > limit) {
        countBeyond(bound)
        return undefined
      }
      byOwner.set(owner, own + amount)
      taken += amount
      return new Place(owner, amount, leave)
    },
    get taken() {
      return taken
    },
  }
  countStructure(bound, places, takenOf)
  return places
}

function takenOf({ taken }: Places): number {
  return taken
}

/** A class, because there is one for each of thousands of sockets: its method is shared. */
class Place implements Disposable {
  private readonly owner: string
  private amount: number
  private readonly leave: (owner: string, amount: number) => void

  constructor(owner: string, amount: number, leave: (owner: string, amount: number) => void) {
    this.owner = owner
    this.amount = amount
    this.leave = leave
  }

  [Symbol.dispose](): void {
    if (this.amount > 0) this.leave(this.owner, this.amount)
    this.amount = 0
  }
}
