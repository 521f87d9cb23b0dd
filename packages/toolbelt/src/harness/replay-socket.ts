import { Duplex } from 'node:stream'
import zlib from 'node:zlib'
import { EgressError } from './connections.ts'
import type { RecordedBody, RecordedCall } from './protocol.ts'
import { maskForm } from './masked-names.ts'
import { tapBody } from './recorded-body.ts'

const HEAD_END = '\r\n\r\n'
const ENCODERS: Record<string, (bytes: Buffer) => Buffer> = {
  gzip: zlib.gzipSync,
  'x-gzip': zlib.gzipSync,
  deflate: zlib.deflateSync,
  br: zlib.brotliCompressSync,
}

export interface ReplayedRequest {
  method: string
  url: string
  body: RecordedBody | undefined
}

type Take = (request: ReplayedRequest, socket: ReplaySocket) => void

/** The connection of an outgoing call in a replay: reads requests of HTTP/1.1, and is told what was answered. */
export class ReplaySocket extends Duplex {
  readonly encrypted: boolean
  readonly authorized = true
  readonly #origin: string
  readonly #bodyBytes: number
  readonly #take: Take
  #held = Buffer.alloc(0)
  #head: RecordedCall | undefined
  #method = ''

  constructor(origin: string, bodyBytes: number, take: Take) {
    super({ allowHalfOpen: true })
    this.encrypted = origin.startsWith('https:')
    this.#origin = origin
    this.#bodyBytes = bodyBytes
    this.#take = take
    this.on('error', () => undefined)
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#held = Buffer.concat([this.#held, chunk])
    done()
    this.#readRequest()
  }

  #readRequest(): void {
    const headEnd = this.#held.indexOf(HEAD_END)
    if (headEnd < 0) return
    const [first = '', ...lines] = this.#held.toString('latin1', 0, headEnd).split('\r\n')
    const headers = new Map(lines.map((line) => headerOf(line)))
    const rest = this.#held.subarray(headEnd + HEAD_END.length)
    const read = headers.get('transfer-encoding')?.includes('chunked')
      ? readChunks(rest)
      : readLength(rest, Number(headers.get('content-length') ?? 0))
    if (!read) return
    this.#held = rest.subarray(read.used)
    const [method = '', target = ''] = first.split(' ')
    this.#method = method
    const tap = tapBody(this.#bodyBytes)
    tap.add(read.bytes)
    const host = headers.get('host')
    const origin = host === undefined ? this.#origin : `${this.#origin.split('//')[0]}//${host}`
    const url = maskForm(`${origin}${target}`)
    this.#take({ method, url, body: tap.body(headers.get('content-type') ?? '') }, this)
  }

  /** Sends status and headers; the body follows. */
  sendHead(call: RecordedCall): void {
    if (this.destroyed) return
    this.#head = call
    const { status = 200, statusText = '', headers = [] } = call
    const hasNone = this.#method === 'HEAD' || status === 204 || status === 304
    const length = hasNone ? [] : [`content-length: ${bodyOf(call).length}`]
    const lines = headers.map(([name, value]) => `${name}: ${value}`)
    this.push(
      Buffer.from(
        [`HTTP/1.1 ${status} ${statusText}`, ...lines, ...length, '', ''].join('\r\n'),
        'latin1',
      ),
    )
    if (hasNone || bodyOf(call).length === 0) this.#head = undefined
  }

  sendBody(): void {
    const call = this.#head
    this.#head = undefined
    if (call && !this.destroyed) this.push(bodyOf(call))
  }

  fail({ name, message, code }: NonNullable<RecordedCall['failed']>): void {
    if (name === 'EgressError') return void this.destroy(new EgressError(502, message))
    const error = new Error(message)
    if (name !== 'Error') Object.defineProperty(error, 'name', { value: name })
    this.destroy(Object.assign(error, code === undefined ? {} : { code }))
  }

  /** Fails the call as one that is not let out. */
  refuse(what: string): void {
    this.destroy(new EgressError(502, `${what} is not let out: this is a replay`))
  }

  setTimeout(): this {
    return this
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

function headerOf(line: string): [name: string, value: string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
}

interface Read {
  bytes: Buffer
  used: number
}

function readLength(rest: Buffer, length: number): Read | undefined {
  return rest.length < length ? undefined : { bytes: rest.subarray(0, length), used: length }
}

function readChunks(rest: Buffer): Read | undefined {
  const parts: Buffer[] = []
  let at = 0
  for (;;) {
    const end = rest.indexOf('\r\n', at)
    if (end < 0) return undefined
    const size = Number.parseInt(rest.toString('latin1', at, end), 16)
    const next = end + 2 + size + 2
    if (rest.length < next) return undefined
    if (!(size > 0)) return { bytes: Buffer.concat(parts), used: next }
    parts.push(rest.subarray(end + 2, end + 2 + size))
    at = next
  }
}

/** The bytes of the answer, packed as they were. */
function bodyOf({ answer, headers = [] }: RecordedCall): Buffer {
  const { text, base64 } = answer ?? {}
  const plain = text === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text)
  const [, encoding = ''] =
    headers.find(([name]) => name.toLowerCase() === 'content-encoding') ?? []
  return ENCODERS[encoding.toLowerCase()]?.(plain) ?? plain
}
