import { Writable } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Connection } from '#wire/messaging/updates'

/** With more unsent bytes than this, the server stops reading from the client until it has read. */
const PAUSE_BYTES = 1_048_576
/**
 * A client with more unsent bytes than this when the next frame is sent is cut off. It reads on by sequence after it has
 * reconnected. One long answer alone never cuts a client off.
 */
const MAX_BUFFERED_BYTES = 16_777_216
const TEXT = { binary: false }

/** A class, because a node has thousands of sockets and their methods must be shared. */
export class SocketConnection implements Connection {
  /** When the client last sent anything, in monotonic time. */
  lastActiveAt: number
  private readonly socket: WebSocket
  private isPaused = false
  private isCorked = false

  constructor(socket: WebSocket, now: number) {
    this.socket = socket
    this.lastActiveAt = now
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

  /** Closes without a close frame, which the client would not read. */
  cut(): void {
    this.socket.terminate()
  }

  private resumeWhenDrained(): void {
    if (!this.isPaused || this.socket.bufferedAmount > PAUSE_BYTES / 2) return
    this.isPaused = false
    this.socket.resume()
  }

  /** Sends the frames of one turn in one system call: an answer and the notifications that follow it are several frames. */
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
