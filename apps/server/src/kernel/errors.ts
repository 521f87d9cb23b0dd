import { ERRORS, type ErrorCode } from '@parley/contract'

/** A failure the caller can act on. Anything else that is thrown is a bug and becomes a 500. */
export class ParleyError extends Error {
  override name = 'ParleyError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }

  /** The HTTP status that `ERRORS` gives this code. */
  get status(): number {
    return ERRORS[this.code]
  }
}

/** The message of whatever was thrown: customer code may throw anything. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
