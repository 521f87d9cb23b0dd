/** How a bounded structure behaves when it is full: see the file of each kind. */
export type BoundKind = 'map' | 'list' | 'places' | 'shares'

/** The bound of one structure that clients make grow: a map, a list, a count, a sum of bytes. */
export interface Bound<Kind extends BoundKind = BoundKind> {
  readonly kind: Kind
  /** What it holds. Names the bound in docs/limits.md. */
  readonly holds: string
  /** The most that one such structure holds. */
  readonly limit: number
  /** Of `limit`, what one owner may have. Kinds with owners only. */
  readonly each?: number
  /** How many such structures there are, such as `node` or `socket`. */
  readonly per: string
  /** What happens to more. */
  readonly beyond: string
}

/** Definitions, filled while modules are loaded. What a server holds is in its own structures. */
const declared: Bound[] = []

/**
 * Declares a bound, for `boundedMap`, `boundedList`, `openPlaces` or `openShares`. Tests fill a structure of every declared
 * bound beyond it, ask for two attacks on it through a public entry, and for its line in docs/limits.md. The operator sees how full it is.
 */
export function declareBound<const Kind extends BoundKind>(bound: Bound<Kind>): Bound<Kind> {
  declared.push(bound)
  return bound
}

/** Of all modules that are loaded. */
export function declaredBounds(): readonly Bound[] {
  return declared
}
