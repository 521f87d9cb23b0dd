import { Transform, type TransformCallback } from 'node:stream'

/** Of a mail that is kept back until it is sent at once. */
const PIECE_BYTES = 64 * 1024

/**
 * Gathers what is written in small pieces, so that it leaves in large ones: a composed mail comes in eight, each of which
 * would be a write of its own to the socket.
 */
export class InLargePieces extends Transform {
  #held: Buffer[] = []
  #bytes = 0

  override _transform(piece: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#held.push(piece)
    this.#bytes += piece.length
    if (this.#bytes >= PIECE_BYTES) this.#pass()
    done()
  }

  override _flush(done: TransformCallback): void {
    this.#pass()
    done()
  }

  #pass(): void {
    if (this.#bytes > 0) this.push(Buffer.concat(this.#held, this.#bytes))
    this.#held = []
    this.#bytes = 0
  }
}
