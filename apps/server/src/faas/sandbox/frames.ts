import { randomFillSync } from 'node:crypto'
import type { Monotonic } from '#base/kernel'
import {
  CALL_AFTER_PAUSE,
  CALL_BODY_BYTES_AT,
  CALL_IS_PROBE,
  CALL_IS_TRACED,
  CALL_KEEPS_DEBUG,
  CALL_KEEPS_TRACE,
  CALL_LOG_CHARACTERS_AT,
  CALL_LOG_ENTRIES_AT,
  CALL_PREFIX_BYTES,
  CALL_SEED_AT,
  FRAME,
  FRAMES_AT_ONCE,
  HEADER_BYTES,
  KEY_BYTES,
  LENGTH_BYTES,
  SEED_BYTES,
} from '@parley/toolbelt/protocol'

export interface ArrivedFrame {
  kind: number
  call: number
  /** Where the key starts in `bytes`, so that it can be compared without a copy. */
  bytes: Buffer
  keyAt: number
  body: Buffer
}

const REST_BYTES = HEADER_BYTES - LENGTH_BYTES

/**
 * Cuts a stream of chunks into frames. Returns false, and stays false, when a frame claims more than `maxBytes`: an
 * instance may send anything.
 */
export function frameReader(
  maxBytes: number,
  onFrame: (frame: ArrivedFrame) => boolean,
): (chunk: Buffer) => boolean {
  let held: Buffer[] = []
  let heldBytes = 0
  let wanted = LENGTH_BYTES

  function cut(bytes: Buffer): boolean {
    let at = 0
    for (;;) {
      const left = bytes.length - at
      if (left < LENGTH_BYTES) {
        wanted = LENGTH_BYTES
        break
      }
      const length = bytes.readUInt32LE(at)
      if (length < REST_BYTES || length > maxBytes) return false
      if (left < LENGTH_BYTES + length) {
        wanted = LENGTH_BYTES + length
        break
      }
      const start = at + LENGTH_BYTES
      at = start + length
      const frame: ArrivedFrame = {
        kind: bytes[start] ?? 0,
        call: bytes.readUInt32LE(start + 1),
        bytes,
        keyAt: start + 5,
        body: bytes.subarray(start + REST_BYTES, at),
      }
      if (!onFrame(frame)) return false
    }
    heldBytes = bytes.length - at
    held = heldBytes === 0 ? [] : [bytes.subarray(at)]
    return true
  }

  return (chunk) => {
    if (heldBytes === 0) return cut(chunk)
    held.push(chunk)
    heldBytes += chunk.length
    return heldBytes < wanted || cut(Buffer.concat(held))
  }
}

export interface FrameQueue {
  /** The parts of one frame. */
  send(...parts: Uint8Array[]): void
  /** What has not been given to `write` yet. */
  readonly bytes: number
}

/** Frames that are sent in one turn of the event loop leave at its end, or as soon as there are `FRAMES_AT_ONCE`. */
export function openFrameQueue(
  monotonic: Pick<Monotonic, 'afterTurn'>,
  write: (bytes: Buffer) => void,
): FrameQueue {
  let queue: Uint8Array[] = []
  let bytes = 0
  let frames = 0
  let isScheduled = false

  function flush(): void {
    if (frames === 0) return
    const whole = Buffer.concat(queue, bytes)
    queue = []
    bytes = 0
    frames = 0
    write(whole)
  }

  function flushAfterTurn(): void {
    isScheduled = false
    flush()
  }

  return {
    send(...parts) {
      queue.push(...parts)
      for (const { length } of parts) bytes += length
      frames += 1
      if (frames >= FRAMES_AT_ONCE) return flush()
      if (isScheduled) return
      isScheduled = true
      monotonic.afterTurn(flushAfterTurn)
    },
    get bytes() {
      return bytes
    },
  }
}

/** Header and prefix of a frame in one buffer. The body follows unchanged. */
export function frameHead(
  kind: number,
  call: number,
  key: Buffer,
  prefixBytes: number,
  bodyBytes: number,
): Buffer {
  const head = Buffer.allocUnsafe(HEADER_BYTES + prefixBytes)
  head.writeUInt32LE(REST_BYTES + prefixBytes + bodyBytes, 0)
  head[LENGTH_BYTES] = kind
  head.writeUInt32LE(call, LENGTH_BYTES + 1)
  head.set(key, LENGTH_BYTES + 5)
  return head
}

interface CallHead {
  body: Uint8Array
  clockOffset: number
  keepsDebug: boolean
  isProbe: boolean
  trace: { keeps: boolean; bodyBytes: number } | undefined
  /** That of the call which is repeated; a new one is drawn for all others. */
  seed: Uint8Array | undefined
  logEntries: number
  logCharacters: number
}

/** What stands before the body of a CALL. */
export function callHead(number: number, key: Buffer, call: CallHead, wasFrozen: boolean): Buffer {
  const head = frameHead(FRAME.CALL, number, key, CALL_PREFIX_BYTES, call.body.length)
  head.writeDoubleLE(call.clockOffset, HEADER_BYTES)
  head[HEADER_BYTES + 8] =
    (call.keepsDebug ? CALL_KEEPS_DEBUG : 0) |
    (call.isProbe ? CALL_IS_PROBE : 0) |
    (wasFrozen ? CALL_AFTER_PAUSE : 0) |
    (call.trace ? CALL_IS_TRACED : 0) |
    (call.trace?.keeps ? CALL_KEEPS_TRACE : 0)
  if (call.seed) head.set(call.seed, HEADER_BYTES + CALL_SEED_AT)
  else drawSeed(head, HEADER_BYTES + CALL_SEED_AT)
  head.writeDoubleLE(call.trace?.bodyBytes ?? 0, HEADER_BYTES + CALL_BODY_BYTES_AT)
  head.writeDoubleLE(call.logEntries, HEADER_BYTES + CALL_LOG_ENTRIES_AT)
  head.writeDoubleLE(call.logCharacters, HEADER_BYTES + CALL_LOG_CHARACTERS_AT)
  return head
}

export const NO_KEY = Buffer.alloc(KEY_BYTES)

const KEYS_AT_ONCE = 512
let keys = Buffer.alloc(0)
let nextKey = 0

/** A new random key. Keys are drawn in bulk: each access to the random source is expensive. */
export function freshKey(): Buffer {
  if (nextKey >= keys.length) {
    keys = randomFillSync(Buffer.allocUnsafeSlow(KEYS_AT_ONCE * KEY_BYTES))
    nextKey = 0
  }
  const key = keys.subarray(nextKey, nextKey + KEY_BYTES)
  nextKey += KEY_BYTES
  return key
}

let seeds = Buffer.alloc(0)
let nextSeed = 0

/** Writes a new random seed, drawn in bulk, too. */
function drawSeed(into: Buffer, at: number): void {
  if (nextSeed >= seeds.length) {
    seeds = randomFillSync(Buffer.allocUnsafeSlow(KEYS_AT_ONCE * SEED_BYTES))
    nextSeed = 0
  }
  for (let i = 0; i < SEED_BYTES; i += 1) into[at + i] = seeds[nextSeed + i] ?? 0
  nextSeed += SEED_BYTES
}

/** The seed in the head of a CALL. */
export function seedOf(head: Buffer): Buffer {
  const at = HEADER_BYTES + CALL_SEED_AT
  return Buffer.from(head.subarray(at, at + SEED_BYTES))
}

export function hasKey({ bytes, keyAt }: ArrivedFrame, key: Buffer): boolean {
  for (let at = 0; at < KEY_BYTES; at += 1) if (bytes[keyAt + at] !== key[at]) return false
  return true
}
