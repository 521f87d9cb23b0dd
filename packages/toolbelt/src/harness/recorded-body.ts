import { createHash } from 'node:crypto'
import zlib from 'node:zlib'
import { maskForm, maskText } from './masked-names.ts'
import type { RecordedBody } from './protocol.ts'
import { strictTextOf } from './wire.ts'

const { concat, from } = Buffer
const KEY_CHARACTERS = 32
const MULTIPART = /^multipart\//i
const { brotliDecompressSync, gunzipSync, inflateSync } = zlib

// The runtime loads what hashes need at the first use, and lets waiting code run meanwhile: not in the middle of a call, whose
// order that would change.
hashOf('')

/** Collects the bytes of a body up to a limit; beyond it only their number and their hash. */
export interface BodyTap {
  add(chunk: unknown, encoding?: unknown): void
  /** The body as it is kept, without credentials. */
  body(type: string, encoding?: string): RecordedBody | undefined
}

export function tapBody(mostBytes: number): BodyTap {
  let chunks: Buffer[] = []
  /** Of a body that is too long to be kept. */
  let hash: ReturnType<typeof createHash> | undefined
  let bytes = 0

  function digest(whole: Buffer): RecordedBody {
    const hashed = hash ? hash.copy() : createHash('sha256').update(whole)
    return { bytes, hash: hashed.digest('hex').slice(0, KEY_CHARACTERS) }
  }

  return {
    add(chunk, encoding) {
      const added = bytesOf(chunk, encoding)
      if (!added) return
      bytes += added.length
      if (bytes <= mostBytes) {
        chunks.push(from(added))
        return
      }
      hash ??= createHash('sha256').update(concat(chunks))
      hash.update(added)
      chunks = []
    },
    body(type, encoding) {
      if (bytes === 0) return undefined
      const whole = concat(chunks)
      if (hash || MULTIPART.test(type)) return digest(whole)
      const plain = decoded(whole, encoding, mostBytes)
      return plain ? keptBody(plain) : digest(whole)
    },
  }
}

/** A short body, without credentials. */
export function keptBody(bytes: Uint8Array): RecordedBody {
  const text = strictTextOf(bytes)
  return text === undefined ? { base64: from(bytes).toString('base64') } : { text: maskText(text) }
}

function bytesOf(chunk: unknown, encoding: unknown): Uint8Array | undefined {
  if (typeof chunk === 'string') {
    return from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8')
  }
  return chunk instanceof Uint8Array ? chunk : undefined
}

/** Credentials inside of compressed bytes could not be found. */
function decoded(bytes: Buffer, encoding: string | undefined, most: number): Buffer | undefined {
  const limits = { maxOutputLength: most }
  try {
    if (encoding === undefined || encoding === '' || encoding === 'identity') return bytes
    if (encoding === 'gzip' || encoding === 'x-gzip') return gunzipSync(bytes, limits)
    if (encoding === 'deflate') return inflateSync(bytes, limits)
    if (encoding === 'br') return brotliDecompressSync(bytes, limits)
    return undefined
  } catch {
    return undefined
  }
}

/** What names a request: a replay finds its answer by it. Credentials do not count, so that masked ones do not change it. */
export function requestKey(method: string, url: string, body: RecordedBody | undefined): string {
  const content = body?.text ?? body?.base64 ?? body?.hash ?? ''
  return hashOf(`${method} ${maskForm(url)}\n${content}`)
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, KEY_CHARACTERS)
}
