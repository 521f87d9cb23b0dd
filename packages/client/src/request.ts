/** A Parley server and one of its accounts. */
export interface Endpoint {
  /** Scheme, host and port, without a path: `http://127.0.0.1:4800`. */
  url: string
  /** Id of the account. */
  accountId: string
}

/** The server has answered an HTTP request with a status of 400 or above. */
export class RequestError extends Error {
  override name = 'RequestError'
  /** HTTP status, 400 to 599. */
  readonly status: number
  /** The parsed body, or its text if it is no JSON; `undefined` if it is empty. */
  readonly body: unknown
  /** By which the server's log names the request. */
  readonly requestId: string | undefined

  constructor(request: string, status: number, body: unknown, requestId?: string) {
    super(
      `${request} was answered ${status}: ${typeof body === 'string' ? body : JSON.stringify(body)}`,
    )
    this.status = status
    this.body = body
    this.requestId = requestId
  }
}

/** An HTTP request. */
export interface Request {
  method: string
  /** Begins with a slash; with the query. */
  path: string
  /** Added to those that `request` sends by itself; these win. */
  headers?: Record<string, string> | undefined
  /** Token for `authorization: Bearer …` (RFC 6750). */
  bearer?: string | undefined
  /** Sent as JSON, or as a form if it is `URLSearchParams`. */
  body?: unknown
  /** Ends the waiting: the promise is rejected with its reason. */
  signal?: AbortSignal | undefined
}

function parseAnswer(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return text
  }
}

/**
 * Sends an HTTP request and resolves with the parsed body of its answer; with its text if that is no JSON, with `undefined` if
 * it is empty. There is no time limit beside those of `fetch` and of `signal`.
 * @param url scheme, host and port, without a path
 * @throws {RequestError} for every status of 400 and above
 * @throws {TypeError} when the server cannot be reached
 */
export async function request(url: string, options: Request): Promise<unknown> {
  const { method, path, headers, bearer, body, signal } = options
  const isForm = body instanceof URLSearchParams
  const response = await fetch(new URL(path, url), {
    method,
    headers: {
      accept: 'application/json',
      ...(body !== undefined && !isForm && { 'content-type': 'application/json' }),
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
      ...headers,
    },
    ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
    ...(signal && { signal }),
  })
  if (response.status >= 400) throw await refusalOf(`${method} ${path}`, response)
  return parseAnswer(await response.text())
}

/** What `request` throws, for who reads other answers than JSON. The body of the answer is read. */
export async function refusalOf(asked: string, response: Response): Promise<RequestError> {
  const requestId = response.headers.get('x-request-id') ?? undefined
  return new RequestError(asked, response.status, parseAnswer(await response.text()), requestId)
}
