import { Writable } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Logger, Monotonic } from '#kernel'

/** Above this the server stops reading from a client that does not read, until it has caught up. */
const PAUSE_BYTES = 1_048_576
/** Above this the client is cut off: it re-reads by sequence when it comes back. */
const MOST_BUFFERED_BYTES = 16_777_216
const TRY_AGAIN_LATER = 1013

/** One socket: frames out, frames in, and when it was last heard of. */
export interface Connection {
  send(frame: string | Buffer): void
  close(code: number, reason: string): void
  lastHeardAt(): number
  readonly isOpen: boolean
}

export function openConnection(
  { monotonic, logger }: { monotonic: Monotonic; logger: Logger },
  socket: WebSocket,
  hear: { frame(text: string): void; closed(): void },
): Connection {
  const write = writesOf(socket)
  let heardAt = monotonic.now()
  let isPaused = false

  function resumeWhenDrained(): void {
    if (!isPaused || socket.bufferedAmount > PAUSE_BYTES / 2) return
    isPaused = false
    socket.resume()
  }

  socket.on('message', (data: Buffer, isBinary: boolean) => {
    heardAt = monotonic.now()
    hear.frame(isBinary ? '' : data.toString('utf8'))
  })
  socket.on('ping', () => {
    heardAt = monotonic.now()
  })
  socket.on('pong', () => {
    heardAt = monotonic.now()
  })
  socket.on('error', (error) => logger.debug({ err: error }, 'Socket failed'))
  socket.on('close', () => hear.closed())

  return {
    send(frame) {
      if (socket.readyState !== socket.OPEN) return
      write.together()
      socket.send(frame, { binary: false }, resumeWhenDrained)
      if (socket.bufferedAmount > MOST_BUFFERED_BYTES) {
        socket.close(TRY_AGAIN_LATER, 'Too slow')
        socket.terminate()
      } else if (socket.bufferedAmount > PAUSE_BYTES && !isPaused) {
        isPaused = true
        socket.pause()
      }
    },
    close(code, reason) {
      socket.close(code, reason)
    },
    lastHeardAt: () => heardAt,
    get isOpen() {
      return socket.readyState === socket.OPEN
    },
  }
}

/** Frames of one turn leave in one system call: an answer and what follows from it are several frames. */
function writesOf(socket: WebSocket): { together(): void } {
  const raw: unknown = Reflect.get(socket, '_socket')
  let isCorked = false
  return {
    together() {
      if (isCorked || !(raw instanceof Writable)) return
      isCorked = true
      raw.cork()
      process.nextTick(() => {
        isCorked = false
        raw.uncork()
      })
    },
  }
}
