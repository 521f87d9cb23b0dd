import { currentCall } from './calls.ts'
import type { Logged } from './logged.ts'
import { written } from './outbox.ts'
import {
  HOST_CALL_PREFIX_BYTES,
  FRAME,
  MAX_HOST_CALL_BYTES,
  MAX_OPEN_HOST_CALL_BYTES,
  MAX_OPEN_HOST_CALLS,
  REPLY_PREFIX_BYTES,
} from './protocol.ts'
import { noteHostCall } from './recorded-host-call.ts'
import { copyKey, fits, type Frame, NO_KEY, queueFrame, readU32, textOf, writeU32 } from './wire.ts'

interface Waiting {
  bytes: number
  resolve(value: unknown): void
  reject(error: unknown): void
}

/** No recording has it: what it answers leaves in a header only. */
const CALLER_TOKEN = 'caller.token'
const NO_TOKEN = Promise.resolve()

const waiting = new Map<number, Waiting>()
/** Calls that wait until fewer are open. */
const held: { bytes: number; start: () => void }[] = []
const { parse, stringify } = JSON
let lastNumber = 0
let openBytes = 0
let instanceKey: Uint8Array = NO_KEY

/** The key of host calls that belong to no running call: of module code, and of work that goes on after an answer. */
export function keepInstanceKey(frame: Frame): void {
  instanceKey = copyKey(frame)
}

/** Calls the platform: over the frame pipe, or, in a replay, as it was answered. Rejects with an error that has the platform's `code`. */
export function callHost(kind: string, args: unknown): Promise<unknown> {
  const call = currentCall()
  if (kind === CALLER_TOKEN) return call?.replay ? NO_TOKEN : ask(call, kind, args)
  if (call?.replay) return call.replay.hostCall(kind, args, () => ask(call, kind, args))
  const noted = call?.live && noteHostCall(call.live, kind, args)
  const answer = ask(call, kind, args)
  return noted ? noted(answer) : answer
}

function ask(call: Logged | undefined, kind: string, args: unknown): Promise<unknown> {
  const text = stringify({ kind, args })
  const isOfCall = call?.done === false
  return new Promise((resolve, reject) => {
    if (!fits(text, MAX_HOST_CALL_BYTES - HOST_CALL_PREFIX_BYTES)) {
      const message = `A question to the platform is larger than ${MAX_HOST_CALL_BYTES} bytes`
      return reject(Object.assign(new Error(message), { code: 'request_too_large' }))
    }
    // At most: a character takes three bytes.
    const bytes = HOST_CALL_PREFIX_BYTES + text.length * 3
    const start = () => {
      if (isOfCall && call.done) return reject(cancelled())
      lastNumber = (lastNumber % 0xffff_ffff) + 1
      const prefix = new Uint8Array(HOST_CALL_PREFIX_BYTES)
      writeU32(prefix, 0, lastNumber)
      waiting.set(lastNumber, { bytes, resolve, reject })
      openBytes += bytes
      if (isOfCall) queueFrame(FRAME.HOST_CALL, call.id, call.key, text, prefix)
      else queueFrame(FRAME.HOST_CALL, 0, instanceKey, text, prefix)
      written()
    }
    if (held.length === 0 && mayOpen(bytes)) start()
    else held.push({ bytes, start })
  })
}

/** As the server says it of those that it knows. */
function cancelled(): Error {
  return Object.assign(new Error('The call that asked has ended'), { code: 'cancelled' })
}

function mayOpen(bytes: number): boolean {
  if (waiting.size === 0) return true
  return waiting.size < MAX_OPEN_HOST_CALLS && openBytes + bytes <= MAX_OPEN_HOST_CALL_BYTES
}

export function takeReply(frame: Frame): void {
  const { bytes, bodyAt } = frame
  const number = readU32(bytes, bodyAt)
  const caller = waiting.get(number)
  if (!caller) return
  waiting.delete(number)
  openBytes -= caller.bytes
  while (held[0] && mayOpen(held[0].bytes)) held.shift()?.start()
  const text = textOf(frame, REPLY_PREFIX_BYTES)
  const value: unknown = text === '' ? undefined : parse(text)
  if (bytes[bodyAt + HOST_CALL_PREFIX_BYTES] === 1) return caller.resolve(value)
  const { code, message } = value as { code?: string; message: string }
  caller.reject(Object.assign(new Error(message), code === undefined ? {} : { code }))
}
