import type { Socket } from 'node:net'

/** A connection whose client does not read its answer keeps at most so much more than the answer. */
const ROOM_BYTES = 16_384
const NOTHING = Buffer.alloc(0)

/** Writes an answer, and calls `sent` when it has left. */
export type WriteAnswer = (socket: Socket, head: string, body: Buffer, sent: () => void) => void

/** Small answers are put together, for one write, where the one before was: unless the system has not taken all of that yet. */
export function openAnswerWriter(): WriteAnswer {
  let room = Buffer.allocUnsafeSlow(ROOM_BYTES)
  let used = 0
  return (socket, head, body, sent) => {
    const length = head.length + body.length
    if (length > ROOM_BYTES) {
      socket.cork()
      socket.write(head, 'latin1')
      socket.write(body, sent)
      socket.uncork()
      return
    }
    if (used + length > ROOM_BYTES) {
      room = Buffer.allocUnsafeSlow(ROOM_BYTES)
      used = 0
    }
    const bytes = room.subarray(used, used + length)
    bytes.write(head, 'latin1')
    body.copy(bytes, head.length)
    socket.write(bytes)
    if (socket.writableLength === 0) return sent()
    used += length
    socket.write(NOTHING, sent)
  }
}
