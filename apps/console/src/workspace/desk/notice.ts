import { SocketClosedError, SocketRequestError } from '@parley/client/socket'
import { ServerError } from '../../studio/api/server.ts'
import { codeOfStatus, sentenceOf } from '../../studio/words/errors.ts'
import { words } from '../../studio/words/index.ts'

/** What the agent is told of a failure; `undefined` where the banner or the sign-in tells it. */
export function noticeOf(error: unknown): string | undefined {
  if (error instanceof SocketClosedError || isToldElsewhere(error)) return undefined
  return whyOf(error)
}

/** Why something failed, in the language of the page where it is known. */
export function whyOf(error: unknown): string {
  if (error instanceof SocketRequestError) {
    return sentenceOf(codeOfStatus(error.code), String(error.body))
  }
  if (error instanceof ServerError) {
    return error.status === 0 ? words.common.unreachable : sentenceOf(error.code, error.message)
  }
  return error instanceof Error ? error.message : String(error)
}

/** The banner tells that the server cannot be reached, the sign-in that the session is over. */
function isToldElsewhere(error: unknown): boolean {
  return error instanceof ServerError && (error.status === 0 || error.status === 401)
}
