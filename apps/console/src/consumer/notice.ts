import { SocketClosedError, SocketRequestError } from '@parley/client/socket'
import { UploadCutError } from './put-file.ts'
import { words } from './words/index.ts'

/** What the consumer is told of a failure. */
export function noticeOf(error: unknown): string {
  if (error instanceof SocketClosedError || error instanceof UploadCutError) return words.failed
  const reason = error instanceof SocketRequestError ? error.body : error
  return `${words.failed}: ${reason instanceof Error ? reason.message : String(reason)}`
}

/** The dialog may be closed by now: then the report is not needed. */
export function ignoreRefusal(error: unknown): void {
  if (!(error instanceof SocketClosedError || error instanceof SocketRequestError)) throw error
}
