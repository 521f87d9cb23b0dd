import { ERRORS, type ErrorCode, type ErrorDetail } from '@parley/contract'
import { actionable, type Logger, ParleyError } from '#base/kernel'

/** A failed request, before a dialect gives it its published shape. */
export interface Failure {
  readonly code: ErrorCode
  readonly status: number
  readonly message: string
  readonly details: readonly ErrorDetail[]
  readonly retryAfterMs: number | undefined
  readonly requestId: string
  /** What was thrown, for dialects that say more about their own errors. */
  readonly thrown: unknown
}

/** By status, where the error itself does not say: most of what makes the server unavailable is over within seconds. */
const AGAIN_MS: Partial<Record<number, number>> = { 429: 1_000, 503: 5_000 }
/** The framework quotes whole addresses. */
const MAX_MESSAGE = 300

const FRAMEWORK_CODES: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'request_too_large',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid_request',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_BAD_URL: 'invalid_request',
  FST_ERR_INVALID_URL: 'invalid_request',
  FST_ERR_MAX_PARAM_LENGTH: 'invalid_request',
}

/** Names whatever was thrown while a request was answered. What no caller can act on is logged here, and only here. */
export function failureOf(logger: Logger, cause: unknown, requestId: string): Failure {
  const thrown = actionable(cause)
  if (thrown !== cause) logger.error({ err: cause, requestId }, 'A disk of this node is full')
  if (thrown instanceof ParleyError) {
    const { code, status, message, details, retryAfterMs = AGAIN_MS[status] } = thrown
    return { code, status, message, details, retryAfterMs, requestId, thrown }
  }
  const code = frameworkCode(thrown)
  const known = code !== undefined && thrown instanceof Error
  if (!known) logger.error({ err: thrown, requestId }, 'request failed')
  return {
    code: code ?? 'internal',
    status: ERRORS[code ?? 'internal'],
    message: known
      ? thrown.message.slice(0, MAX_MESSAGE)
      : `Internal error; the log has it under ${requestId}`,
    details: [],
    retryAfterMs: undefined,
    requestId,
    thrown,
  }
}

function frameworkCode(thrown: unknown): ErrorCode | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined
  // A client has left, or was too slow, before its body had come. The framework has put the status on it: no other broken connection has one.
  if (thrown.code === 'ECONNRESET' && 'statusCode' in thrown) return 'invalid_request'
  return typeof thrown.code === 'string' ? FRAMEWORK_CODES[thrown.code] : undefined
}
