import type { ErrorDialect, Failure } from '#base/http'

const IDENTITY_PATH =
  /^\/api\/account\/[^/]+\/(?:login|refresh|logout|signup(?:\.jsonp)?|consumer|anonymous\/authorize|authenticate|service(?:\/.*)?|configuration\/.*|shift-status|skills\/.*)\/?$/
/** The connector's errors are those of the native API. */
const ACCOUNT_PATH = /^\/api\/account(?:\/(?![^/]+\/messaging\/)|$)/
const SENTINEL_PATH = /^\/sentinel(?:\/|$)/

/**
 * Agents' clients read `error` and `internalCode`, the command line reads `errorCode` and `errorMsg`. They share these
 * paths, so both are sent.
 */
export const IDENTITY_ERRORS: ErrorDialect = {
  matches: ({ path }) => IDENTITY_PATH.test(path),
  format: (failure) => ({ body: sharedMembers(failure) }),
}

function sharedMembers({ status, message }: Failure) {
  return {
    error: message,
    internalCode: status,
    errorCode: `com.liveperson.faas.es.${status < 500 ? 'badinput' : 'general'}`,
    errorMsg: message,
  }
}

/** What the functions client reads on hosts of the second dialect. */
function secondDialect({ status, message }: Failure) {
  return { code: `com.liveperson.faas.evg.${status < 500 ? 'invalid' : 'general'}`, message }
}

/** Of paths under the prefix of published APIs that none of them knows: a client of each finds its members. */
export const ACCOUNT_ERRORS: ErrorDialect = {
  matches: ({ path }) => ACCOUNT_PATH.test(path),
  format: (failure) => ({ body: { ...sharedMembers(failure), ...secondDialect(failure) } }),
}

/** RFC 6749, 5.2; RFC 9449, 5. */
export const SENTINEL_ERRORS: ErrorDialect = {
  matches: ({ path }) => SENTINEL_PATH.test(path),
  format: (failure) => ({
    body: { error: oauthError(failure), error_description: failure.message },
  }),
  challenge: (authorization) => (isBasic(authorization) ? 'Basic realm="Parley"' : 'Bearer'),
}

function isBasic(authorization: string): boolean {
  return /^basic(?: |$)/i.test(authorization)
}

function oauthError({ status, message }: Failure): string {
  if (status === 401) return 'invalid_client'
  if (status >= 500) return 'server_error'
  if (message.startsWith('scope')) return 'invalid_scope'
  if (message.startsWith('DPoP')) return 'invalid_dpop_proof'
  if (message.startsWith('grant_type: the application')) return 'unauthorized_client'
  return message.startsWith('grant_type: must') ? 'unsupported_grant_type' : 'invalid_request'
}
