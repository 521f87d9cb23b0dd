import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'

/** A whole answer to a request. */
export interface HotAnswer {
  readonly status: number
  readonly headers?: OutgoingHttpHeaders
  readonly body?: Uint8Array
  /** Called once the answer has left, or the connection was lost. */
  sent?(): void
}

const MAX_ONE_WRITE_BYTES = 65_536
const NOTHING = Buffer.alloc(0)

export function sendAnswer(
  response: ServerResponse,
  requestId: string,
  { status, headers, body = NOTHING, sent }: HotAnswer,
): void {
  if (sent) onClosed(response, sent)
  response.writeHead(status, {
    'x-request-id': requestId,
    'content-length': body.length,
    ...headers,
  })
  // A text leaves together with the headers in one write; bytes of any encoding survive being called latin1.
  if (body.length <= MAX_ONE_WRITE_BYTES) response.end(asBuffer(body).toString('latin1'), 'latin1')
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
