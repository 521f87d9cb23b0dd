import type http from 'node:http'
import { channel } from 'node:diagnostics_channel'
import { callSite } from './call-site.ts'
import { currentCall } from './calls.ts'
import type { Logged } from './logged.ts'
import { writeSoon } from './outbox.ts'
import { FRAME, MAX_OUTGOING, type OutgoingBody } from './protocol.ts'
import { queueFrame } from './wire.ts'

const MAX_CHARACTERS = 200
const { stringify } = JSON
const clock = performance
const now = clock.now.bind(clock)

type End = Pick<OutgoingBody, 'status' | 'refused' | 'failed'>
/** Reports once how the call ended. */
type Ended = (end: End) => void

/** Reports an outgoing call for the record of the invocation: when it begins, and when it is answered. */
function begin(host: string, method: string): Ended | undefined {
  const call = currentCall()
  if (!call || call.done || call.outgoing >= MAX_OUTGOING) return undefined
  const number = call.outgoing
  call.outgoing += 1
  const startedAt = now()
  let isOver = false
  const calledFrom = callSite()
  note(call, {
    number,
    host: clip(host),
    method: clip(method),
    ...(calledFrom !== '' && { calledFrom: clip(calledFrom) }),
  })
  return (end) => {
    if (isOver) return
    isOver = true
    note(call, { number, ...end, ms: Math.round(now() - startedAt) })
  }
}

function note(call: Logged, body: OutgoingBody): void {
  if (call.done) return
  queueFrame(FRAME.OUTGOING, call.id, call.key, stringify(body))
  writeSoon()
}

function failure(error: unknown): End {
  const { name, message, cause } = error as { name?: unknown; message?: unknown; cause?: unknown }
  const text = clip(String(message))
  if (name === 'EgressError') return { refused: text }
  return cause instanceof Error ? failure(cause) : { failed: text }
}

function clip(text: string): string {
  return text.slice(0, MAX_CHARACTERS)
}

/**
 * Watches a request of `node:http` or `node:https`. Adds no listeners: their number changes how requests behave.
 * @param beginCall is told the socket before the request uses it
 */
export function watchRequest(
  request: http.ClientRequest,
  beginCall: (socket: object) => void,
): void {
  const ended = begin(String(request.getHeader('host') ?? ''), request.method)
  const emit = request.emit.bind(request) as (...given: unknown[]) => boolean
  const watched = (name: string, ...given: unknown[]) => {
    if (name === 'socket') beginCall(given[0] as object)
    else if (name === 'response') {
      ended?.({ status: (given[0] as http.IncomingMessage).statusCode ?? 0 })
    } else if (name === 'error') ended?.(failure(given[0]))
    return emit(name, ...given)
  }
  Reflect.set(request, 'emit', watched)
}

interface UndiciRequest {
  origin?: unknown
  method?: unknown
}

/**
 * Watches requests of undici: `fetch`, and libraries that contain it.
 * @param beginCall is told the socket before a request uses it
 */
export function watchUndici(beginCall: (socket: object) => void): void {
  const open = new WeakMap<object, Ended>()
  channel('undici:client:sendHeaders').subscribe((message) => {
    beginCall((message as { socket: object }).socket)
  })
  channel('undici:request:create').subscribe((message) => {
    const { request } = message as { request: UndiciRequest }
    const host = String(request.origin).replace(/^https?:\/\//, '')
    const ended = begin(host, String(request.method))
    if (ended) open.set(request, ended)
  })
  channel('undici:request:headers').subscribe((message) => {
    const { request, response } = message as { request: object; response: { statusCode: number } }
    open.get(request)?.({ status: response.statusCode })
  })
  channel('undici:request:error').subscribe((message) => {
    const { request, error } = message as { request: object; error: unknown }
    open.get(request)?.(failure(error))
  })
}
