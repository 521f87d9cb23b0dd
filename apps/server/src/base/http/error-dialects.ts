import { ParleyError } from '#base/kernel'
import type { Failure } from './failure.ts'

/** How the published APIs under some paths spell an error. */
export interface ErrorDialect {
  /** `query` is what follows the question mark, undecoded; `userAgent` what the client calls itself. */
  matches(request: { method: string; path: string; query: string; userAgent: string }): boolean
  /** Without `body`, all that the client is told is the `reason` in the status line. */
  format(failure: Failure): { status?: number; body: object } | { reason: string }
  /** How a client could prove who it is, where that is not by a token. `authorization` is the header of the request. */
  challenge?(authorization: string): string
  /** Of each error, beside its own. */
  readonly headers?: Record<string, string>
}

/** The native shape, for every path that no dialect claims. */
export const NATIVE_ERRORS: ErrorDialect = {
  matches: () => true,
  format: ({ code, message, details }) => ({
    body: { error: { code, message, ...(details.length > 0 && { details }) } },
  }),
}

export interface FormattedFailure {
  status: number
  headers: Record<string, string>
  /** JSON, or nothing. */
  body: string
  /** What the status line says instead of the status's own words. */
  reason: string | undefined
}

export interface FailedRequest {
  method: string
  url: string
  userAgent?: string | undefined
  authorization?: string | undefined
}

export function formatFailure(
  dialects: readonly ErrorDialect[],
  { method, url, userAgent = '', authorization = '' }: FailedRequest,
  failure: Failure,
): FormattedFailure {
  const place = { method, ...splitUrl(url), userAgent }
  const dialect = dialects.find(({ matches }) => matches(place)) ?? NATIVE_ERRORS
  const formatted = dialect.format(failure)
  const headers = { ...failureHeaders(failure, dialect, authorization), ...dialect.headers }
  if ('reason' in formatted) {
    const reason = formatted.reason.replaceAll(/[^ -~]/g, '?')
    return { status: failure.status, headers, body: '', reason }
  }
  const { status = failure.status, body } = formatted
  return { status, headers, body: JSON.stringify(body), reason: undefined }
}

/** Of proofs that a client has the key of its token. */
export const KEY_PROOF_ALGORITHMS = ['ES256', 'ES384', 'RS256', 'PS256', 'EdDSA']

/** A connector names its consumer beside its own token, which is right: it need not be renewed. */
export const NO_CONSUMER = 'X-LP-ON-BEHALF: is missing'

/** RFC 6750, 3 and RFC 9449, 7.1. A request that names no token hears of no error. */
function challengeOf(authorization: string, { status, message }: Failure): string {
  const scheme = authorization.split(' ', 1)[0]?.toLowerCase()
  if (message === NO_CONSUMER) return 'Bearer'
  const description = `error_description="${message.replaceAll(/["\\]/g, "'").replaceAll(/[^ -~]/g, '?')}"`
  const wrong = status === 403 ? 'insufficient_scope' : 'invalid_token'
  if (scheme === 'bearer') return `Bearer error="${wrong}", ${description}`
  if (scheme !== 'dpop') return 'Bearer'
  const error = message.startsWith('DPoP: ') ? 'invalid_dpop_proof' : wrong
  return `DPoP error="${error}", ${description}, algs="${KEY_PROOF_ALGORITHMS.join(' ')}"`
}

/** Failed calls of functions come this way, too: a challenge is made only where one is sent. */
function failureHeaders(
  failure: Failure,
  dialect: ErrorDialect,
  authorization: string,
): Record<string, string> {
  const { status, retryAfterMs } = failure
  return {
    ...(status === 401 && {
      'www-authenticate': dialect.challenge?.(authorization) ?? challengeOf(authorization, failure),
    }),
    ...(lacksRight(failure, authorization) && {
      'www-authenticate': challengeOf(authorization, failure),
    }),
    ...(retryAfterMs !== undefined && { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }),
  }
}

/** Another token of the same caller might do. */
function lacksRight({ thrown }: Failure, authorization: string): boolean {
  const lacks = thrown instanceof ParleyError && thrown.lacks !== undefined
  return lacks && /^(?:bearer|dpop) /i.test(authorization)
}

export function splitUrl(url: string): { path: string; query: string } {
  const mark = url.indexOf('?')
  return mark < 0
    ? { path: url, query: '' }
    : { path: url.slice(0, mark), query: url.slice(mark + 1) }
}
