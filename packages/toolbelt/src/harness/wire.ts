import { CALL_SEED_AT, HEADER_BYTES, KEY_BYTES, LENGTH_BYTES, SEED_BYTES } from './protocol.ts'
import { decode, OUTPUT, writeSync } from './runtime.ts'

// Customer code shares this realm and may overwrite any prototype. Everything below was captured before it ran, and bytes
// are copied by index, which it cannot intercept.
const Bytes = Uint8Array
const encoder = new TextEncoder()
const encode = encoder.encode.bind(encoder)
const encodeInto = encoder.encodeInto.bind(encoder)
const strictDecoder = new TextDecoder('utf-8', { fatal: true })
const decodeStrictly = strictDecoder.decode.bind(strictDecoder)

const { includes } = String.prototype
const { apply } = Reflect
const REPLACEMENT = '\uFFFD'

const WRITE_BYTES = 262_144
const BODY_AT = HEADER_BYTES - LENGTH_BYTES

export const NO_KEY = new Bytes(KEY_BYTES)

export interface Frame {
  kind: number
  call: number
  /** Its key and its body are in these bytes, until `onFrame` returns. */
  bytes: Uint8Array
  keyAt: number
  bodyAt: number
  end: number
}

/** Whether a text has at most so many bytes. */
export function fits(text: string, bytes: number): boolean {
  if (text.length > bytes) return false
  return text.length * 3 <= bytes || encode(text).length <= bytes
}

/** @param skipped bytes of the body before the text */
export function textOf({ bytes, bodyAt, end }: Frame, skipped = 0): string {
  return decode(part(bytes, bodyAt + skipped, end - bodyAt - skipped))
}

/** `undefined` when the bytes are not UTF-8. */
export function strictTextOf(bytes: Uint8Array): string | undefined {
  // The decoder that replaces what is not UTF-8 is faster by far, and makes shorter strings.
  const text = decode(bytes)
  if (!apply(includes, text, [REPLACEMENT])) return text
  try {
    return decodeStrictly(bytes)
  } catch {
    return undefined
  }
}

/** The text of a body, or `undefined` when it is not UTF-8. */
export function strictBodyOf({ bytes, bodyAt, end }: Frame, skipped: number): string | undefined {
  return strictTextOf(part(bytes, bodyAt + skipped, end - bodyAt - skipped))
}

export function readU32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) |
      ((bytes[at + 1] ?? 0) << 8) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24)) >>>
    0
  )
}

export function writeU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value & 255
  bytes[at + 1] = (value >>> 8) & 255
  bytes[at + 2] = (value >>> 16) & 255
  bytes[at + 3] = (value >>> 24) & 255
}

const float = new Float64Array(1)
const floatBytes = new Bytes(float.buffer)

export function readF64(bytes: Uint8Array, at: number): number {
  for (let i = 0; i < 8; i += 1) floatBytes[i] = bytes[at + i] ?? 0
  return float[0] ?? 0
}

function part(of: Uint8Array, from: number, length: number): Uint8Array {
  return new Bytes(of.buffer, of.byteOffset + from, length)
}

let out = new Bytes(WRITE_BYTES)
let pending = 0

/** Writes everything queued. Blocks while the server does not read: that is the back-pressure. */
export function flush(): void {
  let from = 0
  while (from < pending) from += writeSync(OUTPUT, part(out, from, pending - from))
  pending = 0
}

/** Queues one frame; `prefix` (if any) comes before the text. */
export function queueFrame(
  kind: number,
  call: number,
  key: Uint8Array,
  text: string,
  prefix?: Uint8Array,
): void {
  const prefixLength = prefix ? prefix.length : 0
  const most = HEADER_BYTES + prefixLength + text.length * 3
  if (pending + most > out.length) flush()
  if (most > out.length) out = new Bytes(most)
  const at = pending
  const start = at + HEADER_BYTES
  for (let i = 0; i < prefixLength; i += 1) out[start + i] = prefix?.[i] ?? 0
  const room = part(out, start + prefixLength, out.length - start - prefixLength)
  const written = text === '' ? 0 : encodeInto(text, room).written
  const bodyLength = prefixLength + written
  writeU32(out, at, BODY_AT + bodyLength)
  out[at + LENGTH_BYTES] = kind
  writeU32(out, at + LENGTH_BYTES + 1, call)
  for (let i = 0; i < KEY_BYTES; i += 1) out[at + LENGTH_BYTES + 5 + i] = key[i] ?? 0
  pending = start + bodyLength
}

/** The key of a frame. */
export function copyKey({ bytes, keyAt }: Frame): Uint8Array {
  const copy = new Bytes(KEY_BYTES)
  for (let i = 0; i < KEY_BYTES; i += 1) copy[i] = bytes[keyAt + i] ?? 0
  return copy
}

/** The key of a CALL and, behind it, its seed. */
export function copyKeyAndSeed({ bytes, keyAt, bodyAt }: Frame): Uint8Array {
  const copy = new Bytes(KEY_BYTES + SEED_BYTES)
  const seedAt = bodyAt + CALL_SEED_AT
  for (let i = 0; i < KEY_BYTES; i += 1) copy[i] = bytes[keyAt + i] ?? 0
  for (let i = 0; i < SEED_BYTES; i += 1) copy[KEY_BYTES + i] = bytes[seedAt + i] ?? 0
  return copy
}
