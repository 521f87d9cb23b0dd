import { type Bound, declaredBounds } from './declare.ts'

/** How full the structures of one bound are, in this process. */
export interface BoundUse {
  bound: Bound
  /** How many there are. */
  structures: number
  /** What the fullest of them holds. */
  held: number
  /** How often something was too much: refused, forgotten or cut, by what the bound says. */
  beyond: number
}

interface Counted {
  /** What each holds; `undefined` of one that is gone. */
  readonly structures: Set<() => number | undefined>
  beyond: number
}

/** By definition, as the definitions themselves. */
const counted = new WeakMap<Bound, Counted>()
/** Nobody says when the map of a subscription is no longer used. */
const gone = new FinalizationRegistry<() => void>((forget) => forget())

function countedOf(bound: Bound): Counted {
  const known = counted.get(bound)
  if (known) return known
  const made: Counted = { structures: new Set(), beyond: 0 }
  counted.set(bound, made)
  return made
}

/**
 * Counts one more structure of the bound, as long as it is used.
 * @param heldBy a function of a module: one that is made beside the structure keeps what is around it, and so the structure, for ever
 */
export function countStructure<S extends object>(
  bound: Bound,
  structure: S,
  heldBy: (structure: S) => number,
): void {
  const { structures } = countedOf(bound)
  const reference = new WeakRef(structure)
  const held = () => {
    const there = reference.deref()
    return there && heldBy(there)
  }
  structures.add(held)
  gone.register(structure, () => void structures.delete(held))
}

/** Counts that something was too much for a structure of the bound. */
export function countBeyond(bound: Bound): void {
  countedOf(bound).beyond += 1
}

/** How often something was too much for the structures of the bound, in this process. */
export function timesBeyond(bound: Bound): number {
  return countedOf(bound).beyond
}

/** Of every declared bound. To count what maps hold takes a while: others should be served between one bound and the next. */
export function* boundUses(): Generator<BoundUse> {
  for (const bound of declaredBounds()) {
    const { structures, beyond } = countedOf(bound)
    const use = { bound, structures: 0, held: 0, beyond }
    for (const heldBy of structures) {
      const held = heldBy()
      if (held === undefined) continue
      use.structures += 1
      use.held = Math.max(use.held, held)
    }
    yield use
  }
}
