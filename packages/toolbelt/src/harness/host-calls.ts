import { currentCall } from './calls.ts'
import { written } from './outbox.ts'
import {
  HOST_CALL_PREFIX_BYTES,
  FRAME,
  MAX_HOST_CALL_BYTES,
  MAX_OPEN_HOST_CALLS,
  REPLY_PREFIX_BYTES,
} from './protocol.ts'
import { fits, type Frame, NO_KEY, queueFrame, readU32, textOf, writeU32 } from './wire.ts'

interface Waiting {
  resolve(value: unknown): void
  reject(error: unknown): void
}

const waiting = new Map<number, Waiting>()
/** Calls that wait until fewer are open. */
const held: (() => void)[] = []
const { parse, stringify } = JSON
let lastNumber = 0

/** Calls the platform over the frame pipe. Rejects with an error that has the platform's `code`. */
export function callHost(kind: string, args: unknown): Promise<unknown> {
  const call = currentCall()
  const text = stringify({ kind, args })
  return new Promise((resolve, reject) => {
    if (!fits(text, MAX_HOST_CALL_BYTES - HOST_CALL_PREFIX_BYTES)) {
      const message = `A question to the platform is larger than ${MAX_HOST_CALL_BYTES} bytes`
      return reject(Object.assign(new Error(message), { code: 'request_too_large' }))
    }
    const start = () => {
      lastNumber = (lastNumber % 0xffff_ffff) + 1
      const prefix = new Uint8Array(HOST_CALL_PREFIX_BYTES)
      writeU32(prefix, 0, lastNumber)
      waiting.set(lastNumber, { resolve, reject })
      queueFrame(FRAME.HOST_CALL, call?.id ?? 0, call?.key ?? NO_KEY, text, prefix)
      written()
    }
    if (waiting.size < MAX_OPEN_HOST_CALLS) start()
    else held.push(start)
  })
}

export function takeReply({ body }: Frame): void {
  const number = readU32(body, 0)
  const caller = waiting.get(number)
  if (!caller) return
  waiting.delete(number)
  held.shift()?.()
  const text = textOf(
    new Uint8Array(
      body.buffer,
      body.byteOffset + REPLY_PREFIX_BYTES,
      body.length - REPLY_PREFIX_BYTES,
    ),
  )
  const value: unknown = text === '' ? undefined : parse(text)
  if (body[HOST_CALL_PREFIX_BYTES] === 1) return caller.resolve(value)
  const { code, message } = value as { code?: string; message: string }
  caller.reject(Object.assign(new Error(message), code === undefined ? {} : { code }))
}
