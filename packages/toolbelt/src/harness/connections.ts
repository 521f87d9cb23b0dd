import net from 'node:net'
import { Tunnel, type TunnelPipe } from './tunnel.ts'
import { TUNNEL, type TunnelFrame } from './tunnel-frames.ts'
import { openTunnelEnd, type TunnelEnd } from './tunnel-pipe.ts'

/** The descriptor of the pipe to the egress proxy: the server hands it to every instance. */
const PIPE_FD = 3
const PipeSocket = net.Socket
const setTimer = globalThis.setTimeout
const clearTimer = globalThis.clearTimeout

/** Why the proxy refused a call; `statusCode` is what a plain HTTP proxy would have answered. */
export class EgressError extends Error {
  override name = 'EgressError'
  readonly code = 'EGRESS_REFUSED'
  readonly statusCode: number

  constructor(statusCode: number, message: string) {
    super(message)
    this.statusCode = statusCode
  }
}

/** A connection through the proxy, with what HTTP clients expect of a socket. */
export class Connection extends Tunnel {
  readonly encrypted = false
  /** The outgoing calls that have used it. */
  #calls = 0
  #quietMs = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(number: number, pipe: TunnelPipe) {
    super(number, pipe, false)
    this.once('close', () => this.setTimeout(0))
  }

  /** To be called when an outgoing call is about to use it. The proxy counts calls, and what each may take. */
  beginCall(): void {
    if (this.#calls > 0) this.send(TUNNEL.NEXT)
    this.#calls += 1
  }

  setTimeout(ms: number, onTimeout?: () => void): this {
    this.#quietMs = ms
    if (onTimeout && ms > 0) this.once('timeout', onTimeout)
    else if (onTimeout) this.removeListener('timeout', onTimeout)
    this.#isActive()
    return this
  }

  #isActive(): void {
    clearTimer(this.#timer)
    this.#timer =
      this.#quietMs > 0 && !this.destroyed
        ? setTimer(() => this.emit('timeout'), this.#quietMs)
        : undefined
  }

  override takeData(bytes: Buffer, isFirst: boolean): boolean {
    this.#isActive()
    return super.takeData(bytes, isFirst)
  }

  override _write(chunk: Buffer, encoding: string, done: () => void): void {
    this.#isActive()
    super._write(chunk, encoding, done)
  }

  setNoDelay(): this {
    return this
  }

  setKeepAlive(): this {
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }
}

let end: TunnelEnd | undefined
let last = 0

/** Opens a connection to a host. It emits `connect`, or fails with an `EgressError`. */
export function openConnection(host: string, port: number, place: string): Connection {
  // Opened at the first use: most functions make no calls.
  end ??= openTunnelEnd(new PipeSocket({ fd: PIPE_FD, readable: true, writable: true }), {
    take: takeAnswer,
    broken: () => undefined,
    holdsBack: false,
    copies: true,
  })
  const bare = host.includes(':') ? `[${host}]` : host
  last += 1
  const connection = end.add(last, (pipe) => new Connection(last, pipe))
  connection.send(TUNNEL.OPEN, Buffer.from(`${bare}:${port}\n${place}`))
  return connection
}

function takeAnswer({ body, kind }: TunnelFrame, tunnel: Tunnel | undefined): boolean {
  if (kind === TUNNEL.OPENED) tunnel?.emit('connect')
  else if (kind === TUNNEL.REFUSED) {
    tunnel?.takeLoss(new EgressError(body.readUInt16LE(), body.toString('utf8', 2)))
  }
  return true
}
