import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'

/** A whole answer. Header names and values are the server's own, or were checked. */
export interface PlainAnswer {
  readonly status: number
  /** The length of the body among them. */
  readonly headers: Readonly<Record<string, string | number>>
  readonly body: Buffer
}

/** A connection whose client does not read its answer keeps at most so much more than the answer. */
const ROOM_BYTES = 16_384

export type SendAnswer = ReturnType<typeof openAnswers>

/** Sends answers, with what stands before the body as Node's own response writes it, and calls `sent` when one has left. */
export function openAnswers(now: () => number, keepAliveMs: number) {
  const keepAlive = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAliveMs / 1000)}`
  let second = NaN
  let date = ''
  let room = Buffer.allocUnsafeSlow(ROOM_BYTES)

  function headOf({ status, headers }: PlainAnswer, keepsAlive: boolean): string {
    const current = Math.floor(now() / 1000)
    if (current !== second) {
      second = current
      date = new Date(current * 1000).toUTCString()
    }
    let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'unknown'}\r\n`
    for (const name of Object.keys(headers)) head += `${name}: ${headers[name]}\r\n`
    return `${head}Date: ${date}\r\n${keepsAlive ? keepAlive : 'Connection: close'}\r\n\r\n`
  }

  return (socket: Socket, answer: PlainAnswer, keepsAlive: boolean, sent: () => void): void => {
    const head = headOf(answer, keepsAlive)
    const length = head.length + answer.body.length
    const bytes = length > ROOM_BYTES ? Buffer.allocUnsafeSlow(length) : room.subarray(0, length)
    bytes.write(head, 'latin1')
    answer.body.copy(bytes, head.length)
    socket.write(bytes)
    if (socket.writableLength === 0) return sent()
    // The system has not taken all of it yet: the next answer needs room of its own.
    room = Buffer.allocUnsafeSlow(ROOM_BYTES)
    socket.write('', sent)
  }
}
