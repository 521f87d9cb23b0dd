import type { BotErrorSuffix } from '@parley/contract'

/** A turn that ends in an escalation, by the name of its error. */
export class TurnFailure extends Error {
  readonly error: BotErrorSuffix
  /** What was wrong, for who runs the bot. */
  readonly reason: string | undefined

  constructor(error: BotErrorSuffix, reason: string | undefined, cause?: unknown) {
    super(reason === undefined ? error : `${error}: ${reason}`, { cause })
    this.error = error
    this.reason = reason
  }
}
