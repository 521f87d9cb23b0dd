import { ERRORS, type ErrorCode, type ErrorDetail } from '@parley/contract'

export interface ParleyErrorOptions extends ErrorOptions {
  details?: readonly ErrorDetail[]
  /** When the same request is worth another try. */
  retryAfterMs?: number
  /** The right that the caller would need: another token of the same caller might have it. */
  lacks?: string
}

/** A failure the caller can act on. Anything else that is thrown is a bug and becomes a 500. */
export class ParleyError extends Error {
  override name = 'ParleyError'
  readonly code: ErrorCode
  readonly details: readonly ErrorDetail[]
  readonly retryAfterMs: number | undefined
  readonly lacks: string | undefined

  constructor(code: ErrorCode, message: string, options: ParleyErrorOptions = {}) {
    super(message, options)
    this.code = code
    this.details = options.details ?? []
    this.retryAfterMs = options.retryAfterMs
    this.lacks = options.lacks
  }

  /** The HTTP status that `ERRORS` gives this code. */
  get status(): number {
    return ERRORS[this.code]
  }
}

/** Whether what was thrown refuses what was asked for. Other failures pass: another try may do it. */
export function isRefusal(thrown: unknown): thrown is ParleyError {
  return thrown instanceof ParleyError && thrown.status !== ERRORS.unavailable
}

/** A member of a request breaks a rule. @param path begins with the part of the request: `body.name`, `query.after` */
export function invalid(path: string, rule: string, cause?: unknown): ParleyError {
  return refusedMember('invalid_request', path, rule, cause)
}

/** A member of a request does not go with what there is already. @param path as of `invalid` */
export function conflicting(path: string, rule: string, cause?: unknown): ParleyError {
  return refusedMember('conflict', path, rule, cause)
}

function refusedMember(code: ErrorCode, path: string, rule: string, cause: unknown): ParleyError {
  return new ParleyError(code, `${path}: ${rule}`, { details: [{ path, message: rule }], cause })
}

/** The caller is known, but may not do this. @param forWhat follows the right, where it is not plain from the request */
export function lacking(kind: 'permission' | 'scope', right: string, forWhat = ''): ParleyError {
  return new ParleyError('forbidden', `The caller lacks the ${kind} "${right}"${forWhat}`, {
    lacks: right,
  })
}

/** The same of a period. The message names no member: the published door has other names for them than the native one. */
export function invalidPeriod(path: string, rule: string): ParleyError {
  return new ParleyError('invalid_request', rule, { details: [{ path, message: rule }] })
}

/** The message of whatever was thrown: customer code may throw anything. Of several failures that have none together, the messages of each. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.message === '') {
    return thrown.errors.map(messageOf).join(', ')
  }
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** How Node ends its message about a certificate of an unknown authority: advice for who starts it with options. */
export const NODE_ADVICE =
  /; if the root CA is installed locally, try running Node\.js with --use-system-ca$/

const FULL = new Set(['ENOSPC', 'EDQUOT'])

/** What a caller can act on, of whatever was thrown: a disk of this node that is full is over when there is room. */
export function actionable(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || !('code' in thrown) || !FULL.has(String(thrown.code)))
    return thrown
  return new ParleyError('unavailable', 'A disk of this node is full', { cause: thrown })
}
