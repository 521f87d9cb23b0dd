import type { BoundKind } from '#base/bounds'
import type { SHAPES } from './bound-shapes.fixture.ts'

type ShapeOf = { [Kind in BoundKind]: keyof (typeof SHAPES)[Kind] }[BoundKind]

/** One way to go at a bound, written down before it was tried. */
export interface BoundAttack {
  attack: string
  /** How the generated test does it to a structure of this bound. */
  shape: ShapeOf
  /** The test that does it through a public entry: its file in `apps/server/src`, and its title. */
  test?: string
}

/** An attack, its shape first. */
export function by(shape: ShapeOf, attack: string, test?: string): BoundAttack {
  return { attack, shape, ...(test !== undefined && { test }) }
}

/** Two for each bound, by what it holds. */
export type BoundAttacks = Readonly<Record<string, readonly [BoundAttack, BoundAttack]>>
