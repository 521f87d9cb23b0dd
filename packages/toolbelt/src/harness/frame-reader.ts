import { beginRead, endRead } from './outbox.ts'
import { HEADER_BYTES, LENGTH_BYTES } from './protocol.ts'
import { readPipe } from './runtime.ts'
import { type Frame, readU32 } from './wire.ts'

// As in `wire.ts`: captured before customer code runs.
const Bytes = Uint8Array
const { copyWithin, set } = Uint8Array.prototype
const { apply } = Reflect

const HELD_BYTES = 65_536
const BODY_AT = HEADER_BYTES - LENGTH_BYTES

/**
 * Calls `onFrame` for every frame that the server sends. Its bytes are valid until `onFrame` returns.
 * @param mayWait whether nothing but the next frame is waited for
 */
export function readFrames(onFrame: (frame: Frame) => void, mayWait: () => boolean): void {
  /** The beginning of a frame whose end has not come yet. */
  let held = new Bytes(HELD_BYTES)
  let filled = 0

  /** Takes all whole frames; where the rest begins. */
  function takeFrames(bytes: Uint8Array, end: number): number {
    let at = 0
    beginRead()
    while (end - at >= LENGTH_BYTES) {
      const length = readU32(bytes, at)
      if (end - at - LENGTH_BYTES < length) break
      const start = at + LENGTH_BYTES
      at = start + length
      onFrame({
        kind: bytes[start] ?? 0,
        call: readU32(bytes, start + 1),
        bytes,
        keyAt: start + 5,
        bodyAt: start + BODY_AT,
        end: at,
      })
    }
    endRead()
    return at
  }

  function hold(bytes: Uint8Array, from: number): void {
    const more = new Bytes(bytes.buffer, bytes.byteOffset + from, bytes.length - from)
    const needed = filled + more.length
    if (needed > held.length) {
      const larger = new Bytes(needed > 2 * held.length ? needed : 2 * held.length)
      apply(set, larger, [new Bytes(held.buffer, 0, filled), 0])
      held = larger
    }
    apply(set, held, [more, filled])
    filled = needed
  }

  function takePiece(bytes: Uint8Array): void {
    if (filled === 0) {
      const at = takeFrames(bytes, bytes.length)
      if (at < bytes.length) hold(bytes, at)
      return
    }
    hold(bytes, 0)
    const at = takeFrames(held, filled)
    if (at > 0) apply(copyWithin, held, [0, at, filled])
    filled -= at
  }

  readPipe(takePiece, mayWait)
}
