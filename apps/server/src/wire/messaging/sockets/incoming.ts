import type { WebSocket } from 'ws'
import type { ShareOwner, Shares } from '#base/bounds'

/** What a client may send before it has authenticated, in all: its token and its properties, and some more. */
const UNAUTHENTICATED_BYTES = 65_536
/** What each piece that arrives costs beside its bytes. */
const PIECE_BYTES = 256
/** Of a ping or pong of a client, beside what it carries. */
const CONTROL_HEAD_BYTES = 6

/** Bytes that one client has sent and that are not dealt with yet: of a frame that is not complete, and of requests that run. */
export class Incoming {
  private readonly connection: ShareOwner
  private readonly shares: Shares
  private received = 0
  private unfinished = 0
  private pieces = 0
  private running = 0
  private isTrusted = false

  constructor(connection: ShareOwner, shares: Shares) {
    this.connection = connection
    this.shares = shares
  }

  /** To be called before the socket reads the piece. */
  arrived(bytes: number): void {
    if (!this.isTrusted) {
      this.received += bytes
      if (this.received > UNAUTHENTICATED_BYTES) this.connection.cut()
    }
    this.unfinished += bytes
    this.pieces += 1
    this.hold()
  }

  /** A frame is complete. What has arrived of the next one, in the same piece, is not counted. */
  completed(): void {
    this.unfinished = 0
    this.pieces = 0
    this.hold()
  }

  /** A ping or a pong has come, perhaps between the parts of a frame. */
  controlled(bytes: number): void {
    const left = this.unfinished - bytes - CONTROL_HEAD_BYTES
    if (left <= 0) {
      this.completed()
      return
    }
    this.unfinished = left
    this.hold()
  }

  /** A request runs until the result is disposed. */
  run(bytes: number): Disposable {
    this.running += bytes
    this.hold()
    return {
      [Symbol.dispose]: () => {
        this.running -= bytes
        this.hold()
      },
    }
  }

  authenticated(): void {
    this.isTrusted = true
  }

  /** Counts what running requests hold until they end, also when the socket is closed. */
  private hold(): void {
    const unfinished = this.unfinished + this.pieces * PIECE_BYTES
    this.shares.hold(this.connection, unfinished + this.running)
  }
}

/** Counts what arrives on a socket, before the library puts it together. */
export function countIncoming(socket: WebSocket, incoming: Incoming): void {
  const raw: unknown = Reflect.get(socket, '_socket')
  if (!isEmitter(raw)) throw new TypeError('The WebSocket has no connection')
  raw.prependListener('data', (chunk: Buffer) => incoming.arrived(chunk.length))
}

function isEmitter(value: unknown): value is NodeJS.EventEmitter {
  return typeof value === 'object' && value !== null && 'prependListener' in value
}
