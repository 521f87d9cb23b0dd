import { messageOf } from './errors.ts'
import type { HttpOptions } from './http-options.ts'

/** The status is not 2xx, and `simple` is not false. */
export class StatusCodeError extends Error {
  override name = 'StatusCodeError'
  readonly statusCode: number
  readonly error: unknown
  readonly options: HttpOptions
  readonly response: unknown

  constructor(statusCode: number, body: unknown, options: HttpOptions, response: unknown) {
    super(`${statusCode} - ${typeof body === 'string' ? body : JSON.stringify(body)}`)
    this.statusCode = statusCode
    this.error = body
    this.options = options
    this.response = response
  }
}

/** The request got no answer. */
export class RequestError extends Error {
  override name = 'RequestError'
  readonly error: unknown
  readonly options: HttpOptions
  readonly response = undefined

  constructor(cause: unknown, options: HttpOptions) {
    super(`${cause instanceof Error ? cause.name : 'Error'}: ${messageOf(cause)}`, { cause })
    this.error = cause
    this.options = options
  }
}

/** The option `transform` failed. */
export class TransformError extends Error {
  override name = 'TransformError'
  readonly error: unknown
  readonly options: HttpOptions
  readonly response: unknown

  constructor(cause: unknown, options: HttpOptions, response: unknown) {
    super(String(cause), { cause })
    this.error = cause
    this.options = options
    this.response = response
  }
}
