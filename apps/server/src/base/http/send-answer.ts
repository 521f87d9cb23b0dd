import type { ServerResponse } from 'node:http'
import type { PlainAnswer } from '#base/lane'
import type { FormattedFailure } from './error-dialects.ts'

/** A whole answer to a request. */
export interface HotAnswer {
  readonly status: number
  readonly headers?: Record<string, string | number>
  readonly body?: Uint8Array
  /** Called once the answer has left, or the connection was lost. */
  sent?(): void
}

/** Of every answer that says nothing else: it is what it is declared to be, and nobody keeps it. */
export const ANSWER_HEADERS = {
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
}

const MAX_ONE_WRITE_BYTES = 65_536
const NOTHING = Buffer.alloc(0)

/** With all headers but those of the connection. */
export function completeAnswer(
  requestId: string,
  { status, headers, body = NOTHING }: HotAnswer,
): PlainAnswer {
  const own = { 'x-request-id': requestId, 'content-length': body.length }
  const all = { ...own, ...ANSWER_HEADERS, ...headers }
  return { status, headers: all, body: asBuffer(body) }
}

export function sendAnswer(response: ServerResponse, requestId: string, answer: HotAnswer): void {
  const { status, headers, body } = completeAnswer(requestId, answer)
  if (answer.sent) onClosed(response, answer.sent)
  response.writeHead(status, headers)
  // A text leaves together with the headers in one write; bytes of any encoding survive being called latin1.
  if (body.length <= MAX_ONE_WRITE_BYTES) response.end(body.toString('latin1'), 'latin1')
  else response.end(body)
}

function onClosed(response: ServerResponse, closed: () => void): void {
  response.once('close', closed)
  // The client may have left while the answer was made: then there is no `close` to come.
  if (response.destroyed) closed()
}

function asBuffer(bytes: Uint8Array): Buffer {
  return bytes instanceof Buffer
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

export function failedAnswer({ status, headers, body }: FormattedFailure): HotAnswer {
  return {
    status,
    headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
    body: Buffer.from(body),
  }
}
