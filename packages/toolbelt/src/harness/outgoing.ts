import type http from 'node:http'
import { channel } from 'node:diagnostics_channel'
import { callSite } from './call-site.ts'
import { currentCall } from './calls.ts'
import { type Capture, capture, pairsOf } from './recorded-call.ts'
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
  const captured = captureRequest(request)
  const emit = request.emit.bind(request) as (...given: unknown[]) => boolean
  const watched = (name: string, ...given: unknown[]) => {
    if (name === 'socket') beginCall(given[0] as object)
    else if (name === 'response') {
      const response = given[0] as http.IncomingMessage
      ended?.({ status: response.statusCode ?? 0 })
      if (captured) captureAnswer(captured, response)
    } else if (name === 'error') {
      ended?.(failure(given[0]))
      captured?.end(given[0])
    }
    return emit(name, ...given)
  }
  Reflect.set(request, 'emit', watched)
}

function captureRequest(request: http.ClientRequest): Capture | undefined {
  const call = currentCall()
  if (!call?.live || call.done) return undefined
  const captured = capture(call, {
    method: request.method,
    url: () => `${request.protocol}//${String(request.getHeader('host') ?? '')}${request.path}`,
    type: () => String(request.getHeader('content-type') ?? ''),
  })
  if (!captured) return undefined
  let isEnding = false
  for (const name of ['write', 'end'] as const) {
    const send = request[name].bind(request) as (...given: unknown[]) => unknown
    Reflect.set(request, name, (...given: unknown[]) => {
      // `end` may write.
      if (!isEnding) captured.request.add(given[0], given[1])
      const outer = isEnding
      isEnding = true
      try {
        return send(...given)
      } finally {
        isEnding = outer
      }
    })
  }
  return captured
}

function captureAnswer(captured: Capture, response: http.IncomingMessage): void {
  const { statusCode = 0, statusMessage = '', rawHeaders } = response
  const push = response.push.bind(response)
  Reflect.set(response, 'push', (chunk: unknown, encoding?: BufferEncoding) => {
    if (chunk === null) captured.end()
    else captured.answer.add(chunk, encoding)
    return push(chunk, encoding)
  })
  captured.head({ status: statusCode, statusText: statusMessage, headers: pairsOf(rawHeaders) })
}

interface UndiciRequest {
  origin?: unknown
  method?: unknown
  path?: unknown
  headers?: unknown
  body?: unknown
}

interface UndiciAnswer {
  statusCode: number
  statusText?: string
  headers?: readonly unknown[]
}

interface OpenRequest {
  ended: Ended | undefined
  captured: Capture | undefined
}

/**
 * Watches requests of undici: `fetch`, and libraries that contain it.
 * @param beginCall is told the socket before a request uses it
 */
export function watchUndici(beginCall: (socket: object) => void): void {
  const open = new WeakMap<object, OpenRequest>()
  const on = <Message>(name: string, take: (message: Message) => void) =>
    channel(`undici:${name}`).subscribe((message) => take(message as Message))
  on<{ socket: object }>('client:sendHeaders', ({ socket }) => beginCall(socket))
  on<{ request: UndiciRequest }>('request:create', ({ request }) => {
    const host = String(request.origin).replace(/^https?:\/\//, '')
    const ended = begin(host, String(request.method))
    const captured = captureUndici(request)
    if (ended || captured) open.set(request, { ended, captured })
  })
  on<{ request: object; chunk: unknown }>('request:bodyChunkSent', ({ request, chunk }) =>
    open.get(request)?.captured?.request.add(chunk),
  )
  on<{ request: object; response: UndiciAnswer }>('request:headers', ({ request, response }) => {
    const found = open.get(request)
    const { statusCode, statusText = '', headers = [] } = response
    found?.ended?.({ status: statusCode })
    found?.captured?.head({ status: statusCode, statusText, headers: pairsOf(headers) })
  })
  on<{ request: object; chunk: unknown }>('request:bodyChunkReceived', ({ request, chunk }) =>
    open.get(request)?.captured?.answer.add(chunk),
  )
  on<{ request: object }>('request:trailers', ({ request }) => open.get(request)?.captured?.end())
  on<{ request: object; error: unknown }>('request:error', ({ request, error }) => {
    const found = open.get(request)
    found?.ended?.(failure(error))
    found?.captured?.end(error)
  })
}

function captureUndici(request: UndiciRequest): Capture | undefined {
  const call = currentCall()
  if (!call?.live || call.done) return undefined
  return capture(call, {
    method: String(request.method),
    url: () => `${String(request.origin)}${String(request.path)}`,
    type: () => headerOf(request.headers, 'content-type'),
  })
}

function headerOf(headers: unknown, wanted: string): string {
  if (!Array.isArray(headers)) return ''
  const found = pairsOf(headers).find(([name]) => name.toLowerCase() === wanted)
  return found?.[1] ?? ''
}
