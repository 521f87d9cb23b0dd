const PREFIX = 'com.liveperson.context-service-sdk'

/** Every failure of the context client. `code`: published, or the system's code of a failed connection. */
export class SDKError extends Error {
  override name = 'SDKError'
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export function badArgument(message: string): SDKError {
  return new SDKError(`${PREFIX}.parameter.invalid`, message)
}

export function deadlineError(): SDKError {
  return new SDKError(`${PREFIX}.response-timeout`, 'The context service did not answer in time')
}

export function isNotFound(error: unknown): boolean {
  return error instanceof SDKError && error.code === `${PREFIX}.data.does-not-exist`
}

export function statusError(status: number, text: string): SDKError {
  const [code, message] = meaningOf(status)
  return new SDKError(`${PREFIX}.${code}`, text === '' ? message : text)
}

function meaningOf(status: number): [code: string, message: string] {
  if (status === 403) return ['authorization.invalid', 'The API key is not valid']
  if (status === 404) return ['data.does-not-exist', 'There is no such data']
  if (status === 500 || status === 503) {
    return ['internal-server-error', 'The context service failed']
  }
  // Spelt so in the published library.
  return ['unkown', `Unexpected status ${status}`]
}
