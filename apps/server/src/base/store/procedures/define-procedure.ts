import { createHash } from 'node:crypto'

/** A function of the database that this code brings along. */
export interface Procedure {
  /** Carries the hash of the content: nodes of two versions have two functions and each calls its own. */
  readonly name: string
  /** Arguments, result and body: what follows the name in `create function`. */
  readonly definition: string
}

export function defineProcedure(title: string, definition: string): Procedure {
  const hash = createHash('sha256').update(definition).digest('hex')
  return { name: `${title}_${hash.slice(0, 16)}`, definition }
}
