import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FormattedFailure } from './error-dialects.ts'
import { ANSWER_HEADERS } from './send-answer.ts'

/** Answers on a bare socket, where there is no response object: refused upgrades, requests that could not be parsed. */
export function answerOnSocket(
  socket: Duplex,
  { status, headers, body, reason }: FormattedFailure,
): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const lines = [
    `HTTP/1.1 ${status} ${reason ?? STATUS_CODES[status] ?? 'Error'}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries({ ...ANSWER_HEADERS, ...headers, connection: 'close' }).map(
      ([name, value]) => `${name}: ${value}`,
    ),
  ]
  socket.once('finish', () => socket.destroy())
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`)
}
