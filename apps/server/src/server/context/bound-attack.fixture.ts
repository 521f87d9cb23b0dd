import type { BoundKind } from '#base/bounds'
import type { SHAPES } from './bound-shapes.fixture.ts'
import type { DoorAttack } from './door.fixture.ts'

type ShapeOf = { [Kind in BoundKind]: keyof (typeof SHAPES)[Kind] }[BoundKind]

/** One way to go at a bound, written down before it was tried. */
export interface BoundAttack {
  attack: string
  /** How the generated test does it to a structure of this bound. */
  shape: ShapeOf
  /** Does it through a public entry; or the test that does: its file in `apps/server/src`, and its title. */
  shown: DoorAttack | string
}

/** An attack, its shape first. */
export function by(shape: ShapeOf, attack: string, shown: DoorAttack | string): BoundAttack {
  return { attack, shape, shown }
}

/** Two for each bound, by what it holds. */
export type BoundAttacks = Readonly<Record<string, readonly [BoundAttack, BoundAttack]>>
