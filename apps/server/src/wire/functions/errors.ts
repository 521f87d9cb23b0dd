import type { ErrorCode } from '@parley/contract'
import type { ErrorDialect, Failure } from '#base/http'
import { dialectOf } from './dialect.ts'

const V1_OF_STATUS: Record<number, string> = {
  400: 'com.liveperson.faas.es.badinput',
  401: 'com.liveperson.faas.es.unauthorized',
  403: 'com.liveperson.faas.es.forbidden',
  404: 'com.liveperson.faas.es.missinglambda',
  413: 'com.liveperson.faas.es.badinput',
  415: 'com.liveperson.faas.es.badinput',
}

const V1_OF_CODE: Partial<Record<ErrorCode, string>> = {
  function_source_invalid: 'com.liveperson.faas.fm.contract-error',
  deployment_failed: 'com.liveperson.faas.fm.contract-error',
  function_not_deployed: 'com.liveperson.faas.es.notdeployed',
  function_failed: 'com.liveperson.faas.handler.custom-failure',
  function_crashed: 'com.liveperson.faas.handler.runtime-exception',
  function_timed_out: 'com.liveperson.faas.handler.executiontime-exceeded',
  function_log_limit: 'com.liveperson.faas.handler.log-limit-reached',
}

const V2_OF_CODE: Partial<Record<ErrorCode, string>> = {
  function_not_found: 'com.liveperson.faas.function.not-found',
  function_not_deployed: 'com.liveperson.faas.function.not-found',
  function_failed: 'com.customer.faas.function.threw-error',
  function_crashed: 'com.customer.faas.function.js-runtime-error',
  function_timed_out: 'com.customer.faas.function.execution-exceeded',
  function_log_limit: 'com.liveperson.faas.function.runtime.limit-reached',
}

const SOURCE = 'body.implementation.code'
/** How `checkText` words its refusal of characters that no source may contain. */
const UNSTORABLE = /^must not contain/

const INVOCATION_PATH = /\/(?:invoke|isImplemented)\/?$/

/** `{errorCode, errorMsg}`: the command line prints `undefined` for anything else. */
export const V1_ERRORS: ErrorDialect = {
  matches: (request) => dialectOf(request) === 1,
  format: (failure) => formatV1(failure, 'fm'),
}

const LOGS_PATH = /\/logs\/export\/?$/

/** `lpf logs` reads the answer as a stream: of an error it prints the status line, or `undefined` where there is a body. */
export const LPF_LOGS_ERRORS: ErrorDialect = {
  matches: (request) =>
    request.userAgent === 'faas-cli' && LOGS_PATH.test(request.path) && dialectOf(request) === 1,
  format: ({ message }) => ({ reason: message }),
}

export const V1_INVOCATION_ERRORS: ErrorDialect = {
  matches: (request) => INVOCATION_PATH.test(request.path) && dialectOf(request) === 1,
  format: (failure) => formatV1(failure, 'es'),
}

export const V2_ERRORS: ErrorDialect = {
  matches: (request) => dialectOf(request) === 2,
  format: (failure) => ({
    ...(failure.code === 'unavailable' && { status: 502 }),
    body: { code: v2Code(failure), message: failure.message },
  }),
}

function formatV1(failure: Failure, part: 'fm' | 'es') {
  return {
    ...(failure.code === 'unavailable' && { status: 502 }),
    body: { errorCode: v1Code(failure, part), errorMsg: inV1Names(failure) },
  }
}

/** The members of a body are named as this dialect's callers have sent them, who read it in the output of `lpf`. */
function inV1Names({ message, details }: Failure): string {
  return details.reduce((said, { path }) => said.replace(path, () => v1Name(path)), message)
}

function v1Name(path: string): string {
  return path
    .replace(/^body\.environment\b/, 'body.implementation.environmentVariables')
    .replace(/^body\./, '')
}

/** `part` is the component that fails: the function manager or the event source. */
function v1Code({ code, status, details }: Failure, part: 'fm' | 'es'): string {
  if (details.some(({ path, message }) => path === SOURCE && UNSTORABLE.test(message))) {
    return 'com.liveperson.faas.fm.contract-error'
  }
  const published = V1_OF_CODE[code] ?? V1_OF_STATUS[status]
  if (published) return published
  const unreachable =
    code === 'unavailable' || code === 'overloaded' || code === 'sandbox_unavailable'
  return `com.liveperson.faas.${part}.${unreachable ? 'unavailable' : 'general'}`
}

function v2Code({ code, status }: Failure): string {
  const published = V2_OF_CODE[code]
  if (published) return published
  const invalid = status === 400 || status === 413 || status === 415
  return `com.liveperson.faas.evg.${invalid ? 'invalid' : 'general'}`
}
