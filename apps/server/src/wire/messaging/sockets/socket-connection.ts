import { Writable } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Connection } from '#wire/messaging/updates'

/** Above this the server stops reading from a client that does not read, until it has caught up. */
const PAUSE_BYTES = 1_048_576
/**
 * When so much still waits as the next frame comes, the client is cut off: it re-reads by sequence when it comes back.
 * One long answer alone never does that.
 */
const MAX_BUFFERED_BYTES = 16_777_216
const TEXT = { binary: false }

/** One socket. A class because a node has thousands of them, which share their methods. */
export class SocketConnection implements Connection {
  /** When anything last came, in monotonic time. */
  heardAt: number
  private readonly socket: WebSocket
  private isPaused = false
  private isCorked = false

  constructor(socket: WebSocket, now: number) {
    this.socket = socket
    this.heardAt = now
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN
  }

  send(frame: string): void {
    const { socket } = this
    if (!this.isOpen) return
    const buffered = socket.bufferedAmount
    if (buffered > MAX_BUFFERED_BYTES) {
      this.cut()
      return
    }
    if (buffered + frame.length > PAUSE_BYTES && !this.isPaused) {
      this.isPaused = true
      socket.pause()
    }
    this.cork()
    socket.send(frame, TEXT, this.isPaused ? () => this.resumeWhenDrained() : undefined)
  }

  close(code: number, reason: string): void {
    this.socket.close(code, reason)
  }

  /** Without a word: nobody reads it. */
  cut(): void {
    this.socket.terminate()
  }

  private resumeWhenDrained(): void {
    if (!this.isPaused || this.socket.bufferedAmount > PAUSE_BYTES / 2) return
    this.isPaused = false
    this.socket.resume()
  }

  /** Frames of one turn leave in one system call: an answer and what follows from it are several frames. */
  private cork(): void {
    const raw: unknown = Reflect.get(this.socket, '_socket')
    if (this.isCorked || !(raw instanceof Writable)) return
    this.isCorked = true
    raw.cork()
    process.nextTick(() => {
      this.isCorked = false
      raw.uncork()
    })
  }
}
