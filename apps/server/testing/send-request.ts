import type { Dispatcher } from 'undici'

export interface SentRequest {
  headers?: Record<string, string>
  /** Sent as JSON, unless it is a string or bytes. */
  body?: unknown
  /** Sent as `Authorization: Bearer`. */
  bearer?: string
}

export interface Reply {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
  /** The body as JSON; throws with the text when it is none. */
  json<T = unknown>(): T
}

export async function sendRequest(
  dispatcher: Dispatcher,
  origin: string,
  method: string,
  path: string,
  { headers = {}, body, bearer }: SentRequest = {},
): Promise<Reply> {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array
  const response = await dispatcher.request({
    origin,
    method: method as Dispatcher.HttpMethod,
    path,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
      ...headers,
    },
    body: body === undefined ? null : isRaw ? body : JSON.stringify(body),
  })
  const text = await response.body.text()
  return {
    status: response.statusCode,
    headers: response.headers,
    text,
    json<T>() {
      try {
        return JSON.parse(text) as T
      } catch (cause) {
        throw new Error(`${method} ${path} answered ${response.statusCode}, no JSON: ${text}`, {
          cause,
        })
      }
    },
  }
}
