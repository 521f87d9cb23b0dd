import { messageOf } from '#base/kernel'

const BEGINNING = 'Cannot start'

/** What is said of a start that failed: it begins alike, whatever was thrown, and says whose a file must be that is closed to this user. */
export function refusalOf(cause: unknown): string {
  const message = messageOf(cause)
  const said = message.startsWith(BEGINNING) ? message : `${BEGINNING}: ${message}`
  if (!isForbiddenFile(cause)) return said
  return `${said}; it must belong to the user who starts Parley, as all that is in the data directory`
}

function isForbiddenFile(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false
  const isForbidden = 'code' in cause && (cause.code === 'EACCES' || cause.code === 'EPERM')
  return (isForbidden && 'path' in cause) || isForbiddenFile(cause.cause)
}
