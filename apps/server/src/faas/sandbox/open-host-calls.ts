import { PassingMap } from '#base/kernel'
import {
  FRAME,
  HEADER_BYTES,
  HOST_CALL_PREFIX_BYTES,
  MAX_HOST_CALL_BYTES,
  MAX_OPEN_HOST_CALL_BYTES,
  MAX_OPEN_HOST_CALLS,
  REPLY_PREFIX_BYTES,
} from '@parley/toolbelt/protocol'
import { frameHead, NO_KEY } from './frames.ts'
import { readHostCall } from './read.ts'

/** Answers the host calls of one instance. */
export interface HostCallPort {
  /** Resolves when a host call of so many bytes may be read, and rejects when `signal` aborts before. */
  turn(bytes: number, signal: AbortSignal): Promise<void>
  /** `signal` aborts when the call that asked, or its instance, has ended. `conversationId`: for which that call runs. */
  answer(
    kind: string,
    args: unknown,
    signal: AbortSignal,
    conversationId: string | undefined,
  ): Promise<unknown>
}

/** The host calls of one instance that are not answered yet. */
export interface HostCalls {
  /** Takes one of the call `owner`, 0 for the instance itself. False when an instance of ours would not send it. */
  take(owner: number, body: Buffer, conversationId: string | undefined): boolean
  /** Answers one of a call that has ended. False when an instance of ours would not send it. */
  refuse(body: Buffer): boolean
  /** Cancels what a call has asked. */
  end(owner: number): void
  endAll(): void
}

interface HostCallsDeps {
  port(): HostCallPort | undefined
  send(...parts: Uint8Array[]): void
  /** Called when one turns out to be none that an instance of ours would send. */
  fault(): void
}

interface Open {
  number: number
  bytes: number
  controller: AbortController
}

const ENDED = { code: 'cancelled', message: 'The call that asked has ended' }
const UNANSWERABLE = { message: 'The platform could not answer' }

export function openHostCalls({ port, send, fault }: HostCallsDeps): HostCalls {
  const open = new PassingMap<number, Set<Open>>()
  let count = 0
  let bytes = 0

  function reply(number: number, ok: boolean, text: string): void {
    const body = Buffer.from(text)
    const head = frameHead(FRAME.REPLY, 0, NO_KEY, REPLY_PREFIX_BYTES, body.length)
    head.writeUInt32LE(number, HEADER_BYTES)
    head[HEADER_BYTES + HOST_CALL_PREFIX_BYTES] = ok ? 1 : 0
    send(head, body)
  }

  function begin(owner: number, one: Open): void {
    const own = open.get(owner) ?? new Set()
    open.set(owner, own.add(one))
    count += 1
    bytes += one.bytes
  }

  /** Only the first end counts: the answer, or that its call has ended. */
  function finish(owner: number, one: Open, ok: boolean, value: unknown): void {
    const own = open.get(owner)
    if (!own?.delete(one)) return
    if (own.size === 0) open.delete(owner)
    count -= 1
    bytes -= one.bytes
    reply(one.number, ok, JSON.stringify(value) ?? '')
  }

  async function answer(
    port: HostCallPort,
    body: Buffer,
    signal: AbortSignal,
    conversationId: string | undefined,
  ): Promise<unknown> {
    await port.turn(body.length, signal)
    signal.throwIfAborted()
    const asked = readHostCall(body)
    if (!asked) return fault()
    return port.answer(asked.kind, asked.args, signal, conversationId)
  }

  function end(owner: number): void {
    for (const one of open.get(owner) ?? []) {
      one.controller.abort()
      finish(owner, one, false, ENDED)
    }
  }

  function isBounded(body: Buffer): boolean {
    return body.length >= HOST_CALL_PREFIX_BYTES && body.length <= MAX_HOST_CALL_BYTES
  }

  return {
    take(owner, body, conversationId) {
      const answering = port()
      if (!answering || !isBounded(body) || count >= MAX_OPEN_HOST_CALLS) return false
      if (bytes + body.length > MAX_OPEN_HOST_CALL_BYTES) return false
      const controller = new AbortController()
      const one = { number: body.readUInt32LE(0), bytes: body.length, controller }
      begin(owner, one)
      answer(answering, body, controller.signal, conversationId).then(
        (value) => finish(owner, one, true, value),
        (error: unknown) => finish(owner, one, false, shown(error)),
      )
      return true
    },
    refuse(body) {
      if (isBounded(body)) reply(body.readUInt32LE(0), false, JSON.stringify(ENDED))
      return isBounded(body)
    },
    end,
    endAll() {
      for (const owner of Array.from(open.keys())) end(owner)
    },
  }
}

/** What the function sees of an error. */
function shown(error: unknown): { code?: string; message: string } {
  if (!(error instanceof Error)) return UNANSWERABLE
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? { code, message: error.message } : UNANSWERABLE
}
