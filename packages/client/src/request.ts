/** Where a Parley is, and which of its accounts is meant. */
export interface Door {
  /** Scheme, host and port, without a path: `http://127.0.0.1:4800`. */
  url: string
  accountId: string
}

/** An answer that is not a success. */
export class RequestError extends Error {
  override name = 'RequestError'
  readonly status: number
  readonly body: unknown

  constructor(request: string, status: number, body: unknown) {
    super(
      `${request} was answered ${status}: ${typeof body === 'string' ? body : JSON.stringify(body)}`,
    )
    this.status = status
    this.body = body
  }
}

export interface Request {
  method: string
  path: string
  headers?: Record<string, string> | undefined
  bearer?: string | undefined
  body?: unknown
}

function parseAnswer(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return text
  }
}

/**
 * Sends JSON, or a form when the body is `URLSearchParams`, and reads JSON.
 * @throws {RequestError} for every status of 400 and above
 */
export async function request(url: string, asked: Request): Promise<unknown> {
  const { method, path, headers, bearer, body } = asked
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
  })
  const answer = parseAnswer(await response.text())
  if (response.status >= 400) {
    throw new RequestError(`${method} ${path}`, response.status, answer)
  }
  return answer
}
