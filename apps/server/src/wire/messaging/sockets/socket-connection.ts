import { Writable } from 'node:stream'
import type { WebSocket } from 'ws'
import type { ShareOwner, Shares } from '#base/bounds'
import type { Connection } from '#wire/messaging/updates'

/** With more unsent bytes than this, the server stops reading from the client until it has read. */
const PAUSE_BYTES = 1_048_576
/**
 * A client with more unsent bytes than this when the next frame is sent is cut off. It reads on by sequence after it has
 * reconnected. One long answer alone never cuts a client off, unless all sockets together hold too much.
 */
const MAX_BUFFERED_BYTES = 16_777_216
/** Less is not counted: the system takes it at once, most of the time. */
const COUNTED_BYTES = 65_536
/** Long lists are compressed; the many short frames would cost a processor more than their bytes are worth. */
const COMPRESSED_BYTES = 16_384
const SHORT_TEXT = { binary: false, compress: false }
const LONG_TEXT = { binary: false, compress: true }

/** A class, because a node has thousands of sockets and their methods must be shared. */
export class SocketConnection implements Connection, ShareOwner {
  /** When the client last sent anything, in monotonic time. */
  lastActiveAt: number
  /** Who limits count it by. */
  readonly group: string
  private readonly socket: WebSocket
  /** Bytes that clients have not read, of all sockets. */
  private readonly outgoing: Shares
  private isPaused = false
  private isCorked = false
  private isCounted = false
  private reading: PromiseWithResolvers<void> | undefined

  constructor(
    socket: WebSocket,
    { now, group, outgoing }: { now: number; group: string; outgoing: Shares },
  ) {
    this.socket = socket
    this.lastActiveAt = now
    this.group = group
    this.outgoing = outgoing
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
    const unsent = buffered + frame.length
    if (unsent > PAUSE_BYTES && !this.isPaused) {
      this.isPaused = true
      socket.pause()
    }
    this.cork()
    const isLong = unsent > COUNTED_BYTES
    const text = frame.length < COMPRESSED_BYTES ? SHORT_TEXT : LONG_TEXT
    socket.send(frame, text, isLong || this.isCounted ? () => this.drained() : undefined)
    if (isLong) this.count(unsent)
  }

  whenRead(): Promise<void> {
    if (!this.isPaused || !this.isOpen) return Promise.resolve()
    this.reading ??= Promise.withResolvers()
    return this.reading.promise
  }

  close(code: number, reason: string): void {
    this.socket.close(code, reason)
  }

  /** Closes without a close frame, which the client would not read. */
  cut(): void {
    // Its frames are reported as sent, one by one, until it is closed.
    this.count(0)
    this.socket.terminate()
  }

  /** To be called when the socket is closed. */
  closed(): void {
    this.count(0)
    this.hasRead()
  }

  private count(bytes: number): void {
    this.isCounted = bytes > 0
    this.outgoing.hold(this, bytes)
  }

  private drained(): void {
    const { bufferedAmount } = this.socket
    if (this.isCounted) this.count(bufferedAmount > COUNTED_BYTES ? bufferedAmount : 0)
    if (!this.isPaused || bufferedAmount > PAUSE_BYTES / 2) return
    this.isPaused = false
    this.socket.resume()
    this.hasRead()
  }

  private hasRead(): void {
    this.reading?.resolve()
    this.reading = undefined
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
