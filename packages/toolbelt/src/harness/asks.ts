import { currentCall } from './calls.ts'
import { written } from './outbox.ts'
import { ASK_PREFIX_BYTES, FRAME, MAX_ASK_BYTES, MAX_ASKS, REPLY_PREFIX_BYTES } from './protocol.ts'
import { fits, type Frame, NO_KEY, queueFrame, readU32, textOf, writeU32 } from './wire.ts'

interface Waiting {
  resolve(value: unknown): void
  reject(error: unknown): void
}

const waiting = new Map<number, Waiting>()
/** Questions beyond those that may be open. */
const held: (() => void)[] = []
const { parse, stringify } = JSON
let asked = 0

/** Asks the platform over the frame pipe; rejects with an error that has the platform's `code`. */
export function askPlatform(kind: string, args: unknown): Promise<unknown> {
  const call = currentCall()
  const text = stringify({ kind, args })
  return new Promise((resolve, reject) => {
    if (!fits(text, MAX_ASK_BYTES - ASK_PREFIX_BYTES)) {
      const message = `A question to the platform is larger than ${MAX_ASK_BYTES} bytes`
      return reject(Object.assign(new Error(message), { code: 'request_too_large' }))
    }
    const ask = () => {
      asked = (asked % 0xffff_ffff) + 1
      const prefix = new Uint8Array(ASK_PREFIX_BYTES)
      writeU32(prefix, 0, asked)
      waiting.set(asked, { resolve, reject })
      queueFrame(FRAME.ASK, call?.id ?? 0, call?.key ?? NO_KEY, text, prefix)
      written()
    }
    if (waiting.size < MAX_ASKS) ask()
    else held.push(ask)
  })
}

export function takeReply({ body }: Frame): void {
  const number = readU32(body, 0)
  const asker = waiting.get(number)
  if (!asker) return
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
  if (body[ASK_PREFIX_BYTES] === 1) return asker.resolve(value)
  const { code, message } = value as { code?: string; message: string }
  asker.reject(Object.assign(new Error(message), code === undefined ? {} : { code }))
}
