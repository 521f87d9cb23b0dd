import { hash } from 'node:crypto'

/** A function of the database that this code brings along. */
export interface Procedure {
  /** Carries the hash of the content: nodes of two versions have two functions and each calls its own. */
  readonly name: string
  /** Arguments, result and body: what follows the name in `create function`. */
  readonly definition: string
}

export function defineProcedure(title: string, definition: string): Procedure {
  const digits = hash('sha256', definition)
  return { name: `${title}_${digits.slice(0, 16)}`, definition }
}
