import { currentCall } from './calls.ts'
import type { CallTrace } from './trace.ts'
import nodeCrypto from 'node:crypto'

const { randomBytes, randomFillSync: fillSystem, randomInt } = nodeCrypto
const webCrypto = globalThis.crypto
const systemRandom = Math.random
const systemUuid = webCrypto.randomUUID.bind(webCrypto)
const systemFill = webCrypto.getRandomValues.bind(webCrypto)
const later = setImmediate
const UUID_CHARACTERS = 36
const encoder = new TextEncoder()
const decoder = new TextDecoder()
const encode = encoder.encode.bind(encoder)
const decode = decoder.decode.bind(decoder)

/** Functions of the runtime draw by others: only the outer one is noted. */
let isDrawing = false

function traceOf(): CallTrace | undefined {
  return isDrawing ? undefined : currentCall()?.trace
}

function drawn<T>(make: () => T): T {
  isDrawing = true
  try {
    return make()
  } finally {
    isDrawing = false
  }
}

type Done<T> = (error: Error | null, value?: T) => void
type View = ArrayBufferView<ArrayBuffer>

/** `Math.random` follows the seed of its call. The strong source stays the system's; what calls draw of it is noted. */
export function installRandom(): void {
  set(Math, 'random', () => {
    const trace = currentCall()?.trace
    return trace ? trace.random() : systemRandom()
  })
  const web = Object.getPrototypeOf(webCrypto) as object
  set(web, 'randomUUID', drawUuid)
  set(web, 'getRandomValues', (view: View) => {
    if (!traceOf()) return systemFill(view as never)
    // Refuses what is no view of integers, or too long.
    const checked = systemFill(view as never) as View
    const bytes = new Uint8Array(checked.buffer, checked.byteOffset, checked.byteLength)
    return fill(bytes, (length) => copyOf(bytes, length)) && view
  })
  set(nodeCrypto, 'randomUUID', drawUuid)
  set(nodeCrypto, 'randomBytes', (size: number, done?: Done<Buffer>) =>
    deliver(done, () => drawBytes(size)),
  )
  set(nodeCrypto, 'pseudoRandomBytes', (size: number, done?: Done<Buffer>) =>
    deliver(done, () => drawBytes(size)),
  )
  set(nodeCrypto, 'randomFillSync', (view: View, from?: number, size?: number) =>
    fillView(view, from, size),
  )
  set(nodeCrypto, 'randomFill', (view: View, ...rest: unknown[]) => {
    const done = rest.pop() as Done<View>
    const [from, size] = rest as number[]
    deliver(done, () => fillView(view, from, size))
  })
  set(nodeCrypto, 'randomInt', (...given: unknown[]) => {
    const done = typeof given.at(-1) === 'function' ? (given.pop() as Done<number>) : undefined
    const [least, most] = (given.length < 2 ? [0, ...given] : given) as [number, number]
    return deliver(done, () => Number(drawText('int', () => String(randomInt(least, most)))))
  })
}

function set(on: object, name: string, value: unknown): void {
  Object.defineProperty(on, name, { value, writable: true, configurable: true })
}

function drawUuid(): string {
  return drawText('uuid', systemUuid).slice(0, UUID_CHARACTERS)
}

/** One that no recording knows. */
export function freshUuid(): string {
  return drawn(systemUuid)
}

function drawText(kind: string, make: () => string): string {
  const trace = traceOf()
  return trace ? decode(trace.draw(kind, () => encode(drawn(make)))) : make()
}

function drawBytes(size: number): Buffer {
  const trace = traceOf()
  const make = () => drawn(() => randomBytes(size))
  if (!trace) return make()
  const bytes = trace.draw(`bytes ${size}`, make)
  return Buffer.from(bytes)
}

function copyOf(bytes: Uint8Array, length: number): Uint8Array {
  const copy = new Uint8Array(length)
  copy.set(bytes)
  return copy
}

/** Fills bytes with what a live call draws, or with what was drawn. */
function fill(bytes: Uint8Array, make: (length: number) => Uint8Array): true {
  const trace = traceOf()
  const { length } = bytes
  const makeAll = () => drawn(() => make(length))
  bytes.set(trace ? trace.draw(`bytes ${length}`, makeAll) : makeAll())
  return true
}

function fillView(view: View, from = 0, size?: number): View {
  // Refuses what is no view, or lies outside of it.
  drawn(() =>
    size === undefined ? fillSystem(view as never, from) : fillSystem(view as never, from, size),
  )
  const isWhole = view instanceof ArrayBuffer
  const start = isWhole ? 0 : view.byteOffset
  // The runtime counts in elements of the view.
  const { BYTES_PER_ELEMENT: width = 1 } = view as { BYTES_PER_ELEMENT?: number }
  const length = size === undefined ? view.byteLength - from * width : size * width
  const bytes = new Uint8Array(isWhole ? view : view.buffer, start + from * width, length)
  fill(bytes, (count) => copyOf(bytes, count))
  return view
}

function deliver<T>(done: Done<T> | undefined, make: () => T): T | undefined {
  const value = make()
  if (!done) return value
  later(() => done(null, value))
  return undefined
}
