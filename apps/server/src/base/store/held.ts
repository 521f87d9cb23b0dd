import { ParleyError } from '#base/kernel'
import { isLocked } from './failures.ts'

/**
 * Another transaction holds what this one asked for with NOWAIT. `Store.transaction` runs it again a moment later: whoever waits for
 * a lock that everybody wants has no connection in hand meanwhile, which others need.
 */
export class HeldError extends ParleyError {
  override name = 'HeldError'

  constructor(cause: unknown) {
    super('unavailable', 'Another change of the same thing goes on for too long', { cause })
  }
}

/** A statement with NOWAIT. @throws HeldError */
export async function orHeld<Result>(statement: Promise<Result>): Promise<Result> {
  try {
    return await statement
  } catch (cause) {
    throw isLocked(cause) ? new HeldError(cause) : cause
  }
}
