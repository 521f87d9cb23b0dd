import { Duplex } from 'node:stream'
import { CREDIT, FRAME_COST, LEAST_GRANT, MAX_DATA_BYTES, TUNNEL } from './tunnel-frames.ts'

const LARGE_BYTES = 16_384

/** What a tunnel needs of the pipe that it is part of. */
export interface TunnelPipe {
  send(kind: number, tunnel: number, body?: Uint8Array): void
  /** Whether the pipe takes no more data for now. It calls `goOn` of every tunnel when it does again. */
  isFull(): boolean
  closed(tunnel: number): void
}

/** One connection through the pipe between an instance and the egress proxy; the same class at both ends. */
export class Tunnel extends Duplex {
  readonly number: number
  readonly #pipe: TunnelPipe
  /** What may be sent before the other end grants more. */
  #credit = CREDIT
  /** What has arrived and was not granted again. */
  #arrived = 0
  #held: { chunk: Buffer; done: () => void } | undefined
  /** The other end sends no more data. */
  #isEnded = false
  #isOver = false

  constructor(number: number, pipe: TunnelPipe, allowHalfOpen: boolean) {
    // The smallest mark: chunks do not pile up here. Whoever writes waits until the last one is in the pipe, and only what
    // was read is granted again.
    super({ allowHalfOpen, highWaterMark: 1 })
    this.number = number
    this.#pipe = pipe
    // Who uses the tunnel may listen for errors, and need not.
    this.on('error', () => undefined)
  }

  /** Tells the other end about this tunnel. */
  send(kind: number, body?: Uint8Array): void {
    if (!this.#isOver) this.#pipe.send(kind, this.number, body)
  }

  /** Takes what the other end has sent. False when it has sent more than it may. */
  takeData(bytes: Buffer, isFirst: boolean): boolean {
    this.#arrived += bytes.length + (isFirst ? FRAME_COST : 0)
    if (this.#arrived > CREDIT || this.#isEnded) return false
    // A small part of a chunk would keep the whole chunk.
    if (this.push(bytes.length < LARGE_BYTES ? Buffer.from(bytes) : bytes)) this.#grant()
    return true
  }

  takeEnd(): void {
    this.#isEnded = true
    this.push(null)
  }

  /** The other end has read. False when it grants more than it has got, or too little at once. */
  takeGrant(credit: number): boolean {
    if (credit < LEAST_GRANT || this.#credit + credit > CREDIT) return false
    this.#credit += credit
    this.goOn()
    return true
  }

  /** The other end is gone, or wants no tunnel: nothing more is sent. */
  takeLoss(error: Error): void {
    this.#isOver = true
    this.destroy(error)
  }

  /** Sends what waits, as far as that is possible. */
  goOn(): void {
    const held = this.#held
    if (!held || this.destroyed) return
    this.#held = undefined
    this.#write(held.chunk, held.done)
  }

  /** Ends the tunnel with a reason for the other end. */
  cut(kind: number, body: Uint8Array): void {
    this.send(kind, body)
    this.#isOver = true
    this.destroy()
  }

  #write(bytes: Buffer, done: () => void): void {
    let rest = bytes
    while (rest.length > 0) {
      const most = Math.min(this.#credit - FRAME_COST, MAX_DATA_BYTES)
      if (most <= 0 || this.#pipe.isFull()) {
        this.#held = { chunk: rest, done }
        return
      }
      const part = rest.subarray(0, most)
      this.#credit -= part.length + FRAME_COST
      this.send(TUNNEL.DATA, part)
      rest = rest.subarray(part.length)
    }
    done()
  }

  #grant(): void {
    if (this.#arrived < LEAST_GRANT || this.#isEnded) return
    const body = Buffer.allocUnsafe(4)
    body.writeUInt32LE(this.#arrived)
    this.#arrived = 0
    this.send(TUNNEL.GRANT, body)
  }

  override _read(): void {
    this.#grant()
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#write(chunk, done)
  }

  override _final(done: () => void): void {
    this.send(TUNNEL.END)
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const isComplete = this.#isEnded && this.writableFinished
    if (!isComplete) this.send(TUNNEL.RESET)
    this.#isOver = true
    this.#held = undefined
    this.#pipe.closed(this.number)
    done(error)
  }
}
