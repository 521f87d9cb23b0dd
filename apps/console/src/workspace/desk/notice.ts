import { SocketClosedError, SocketRequestError } from '@parley/client/socket'
import { ServerError } from '../../studio/api/server.ts'
import type { ErrorCode } from '@parley/contract'
import { meaningOf, refusedTold } from '../../studio/words/refused.ts'
import { words } from '../../studio/words/index.ts'

/** What the agent is told of a failure; `undefined` where the banner or the sign-in tells it. */
export function noticeOf(error: unknown): string | undefined {
  return isUnreached(error) ? undefined : refusalOf(error)
}

/** What the agent is told of something that it has asked for, and that is not tried again by itself; `undefined` where the sign-in tells it. */
export function refusalOf(error: unknown): string | undefined {
  return error instanceof ServerError && error.status === 401 ? undefined : whyOf(error)
}

/** Why something failed, in the language of the page where it is known. */
export function whyOf(error: unknown): string {
  if (error instanceof SocketRequestError) {
    return sentenceOf(CODE_OF[error.code], String(error.body))
  }
  if (error instanceof SocketClosedError) return words.common.unreachable
  if (error instanceof ServerError) {
    return error.status === 0 ? words.common.unreachable : sentenceOf(error.code, error.message)
  }
  return error instanceof Error ? error.message : String(error)
}

/** The banner tells it. */
function isUnreached(error: unknown): boolean {
  return error instanceof SocketClosedError || (error instanceof ServerError && error.status === 0)
}

/** For a dialog, which knows what the server has refused, but no sockets. */
export function ofServer(error: unknown): unknown {
  const isOfSocket = error instanceof SocketClosedError || error instanceof SocketRequestError
  return isOfSocket ? whyOf(error) : error
}

/** In one line: the sentence, or what the code means with the server's own words behind it. */
function sentenceOf(code: string | undefined, message: string): string {
  const sentence = refusedTold(message)
  if (sentence !== message) return sentence
  const meaning = code === undefined ? undefined : meaningOf(code)
  return meaning === undefined ? message : `${meaning} (${message})`
}

/** Sockets tell a status: the most general code that has it. */
const CODE_OF: Partial<Record<number, ErrorCode>> = {
  400: 'invalid_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  413: 'request_too_large',
  429: 'rate_limited',
  500: 'internal',
  503: 'unavailable',
}
