import type { Logged } from './logged.ts'
import { isCredential, maskForm } from './masked-names.ts'
import type { RecordedCall } from './protocol.ts'
import { type BodyTap, requestKey, tapBody } from './recorded-body.ts'

/** Headers that belong to the connection, not to the answer. */
const OF_CONNECTION = /^(connection|keep-alive|transfer-encoding|content-length|trailer|upgrade)$/i
const MAX_HEADERS = 100
const MAX_HEADER_CHARACTERS = 2_048
const MAX_TEXT = 500

export interface AnswerHead {
  status: number
  statusText: string
  headers: [name: string, value: string][]
}

/** One outgoing call of a live invocation, for its recording. */
export interface Capture {
  request: BodyTap
  answer: BodyTap
  head(head: AnswerHead): void
  /** The answer is complete, or the call has failed. */
  end(error?: unknown): void
}

/** Begins to record an outgoing call; `undefined` where nothing is recorded. */
export function capture(
  call: Logged,
  { method, url, type }: { method: string; url(): string; type(): string },
): Capture | undefined {
  const trace = call.live
  const number = trace?.beginCall(state)
  if (!trace || number === undefined) return undefined
  const request = tapBody(trace.bodyBytes)
  const answer = tapBody(trace.bodyBytes)
  let head: AnswerHead | undefined
  let isOver = false
  let error: unknown

  function state(): RecordedCall {
    const address = maskForm(url())
    const sent = request.body(type())
    const key = requestKey(method, address, sent)
    const header = (name: string) =>
      head?.headers.find(([own]) => own.toLowerCase() === name)?.[1].toLowerCase()
    const received = isOver
      ? answer.body(header('content-type') ?? '', header('content-encoding'))
      : undefined
    return {
      number: number ?? 0,
      method,
      url: address,
      key,
      ...(sent && { request: sent }),
      ...(head && { ...head, headers: keptHeaders(head.headers, method) }),
      ...(received && { answer: received }),
      ...(error !== undefined && { failed: failureOf(error) }),
    }
  }

  return {
    request,
    answer,
    head(given) {
      if (isOver) return
      head = given
      trace.turn(`c${number}`)
    },
    end(failed) {
      if (isOver) return
      isOver = true
      error = failed
      trace.turn(head ? `e${number}` : `c${number}`)
      trace.endCall(number)
    },
  }
}

function keptHeaders(headers: AnswerHead['headers'], method: string): AnswerHead['headers'] {
  const kept: AnswerHead['headers'] = []
  for (const [name, value] of headers) {
    if (isCredential(name) || kept.length === MAX_HEADERS) continue
    const isLength = method === 'HEAD' && name.toLowerCase() === 'content-length'
    if (OF_CONNECTION.test(name) && !isLength) continue
    kept.push([name, maskForm(value.slice(0, MAX_HEADER_CHARACTERS))])
  }
  return kept
}

function failureOf(error: unknown): NonNullable<RecordedCall['failed']> {
  const { name, message, code } = error as { name?: unknown; message?: unknown; code?: unknown }
  return {
    name: String(name).slice(0, MAX_TEXT),
    message: String(message).slice(0, MAX_TEXT),
    ...(typeof code === 'string' && { code: code.slice(0, MAX_TEXT) }),
  }
}

/** Pairs of a flat list, as Node and undici keep headers. */
export function pairsOf(flat: readonly unknown[]): AnswerHead['headers'] {
  const pairs: AnswerHead['headers'] = []
  for (let at = 0; at + 1 < flat.length; at += 2) {
    pairs.push([String(flat[at]), String(flat[at + 1])])
  }
  return pairs
}
