import { SocketClosedError, SocketRequestError } from '@parley/client/socket'
import { ServerError } from '../../studio/api/server.ts'

/** What the agent is told of a failure; `undefined` where the banner or the sign-in tells it. */
export function noticeOf(error: unknown): string | undefined {
  if (error instanceof SocketClosedError || isToldElsewhere(error)) return undefined
  if (error instanceof SocketRequestError) return String(error.body)
  return error instanceof Error ? error.message : String(error)
}

/** The banner tells that the server cannot be reached, the sign-in that the session is over. */
function isToldElsewhere(error: unknown): boolean {
  return error instanceof ServerError && (error.status === 0 || error.status === 401)
}
