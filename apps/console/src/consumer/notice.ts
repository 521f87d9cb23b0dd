import { SocketClosedError, SocketRequestError } from '@parley/client/socket'
import { UploadCutError } from './put-file.ts'
import { words } from './words/index.ts'

/** What the consumer is told of a failure. */
export function noticeOf(error: unknown): string {
  const reason = reasonOf(error)
  return reason === words.noConnection ? reason : `${words.failed}: ${reason}`
}

/** Why something failed: in German by the status of the refusal, else in the server's own words. */
export function reasonOf(error: unknown): string {
  if (isWithoutAnswer(error)) return words.noConnection
  if (error instanceof SocketRequestError) return words.reasons[error.code] ?? String(error.body)
  const { status, message } = error as { status?: number; message?: unknown }
  return words.reasons[status ?? 0] ?? (typeof message === 'string' ? message : String(error))
}

/** Also what is asked by `fetch`, which has a `TypeError` for it. */
function isWithoutAnswer(error: unknown): boolean {
  return [SocketClosedError, UploadCutError, TypeError].some((kind) => error instanceof kind)
}

/** The dialog may be closed by now: then the report is not needed. */
export function ignoreRefusal(error: unknown): void {
  if (!(error instanceof SocketClosedError || error instanceof SocketRequestError)) throw error
}
