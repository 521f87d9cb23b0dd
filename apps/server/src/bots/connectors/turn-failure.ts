import type { BotErrorSuffix } from '@parley/contract'

/** A turn that ends in an escalation, by the name of its error. */
export class TurnFailure extends Error {
  readonly error: BotErrorSuffix

  constructor(error: BotErrorSuffix, cause?: unknown) {
    super(error, { cause })
    this.error = error
  }
}
