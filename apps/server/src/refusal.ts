import { messageOf } from '#base/kernel'

const BEGINNING = 'Cannot start'

/** What to do about what the machine has too little of. */
const TOO_LITTLE: readonly [RegExp, string][] = [
  [
    /\bE[MN]FILE\b|too many open files/i,
    'let this process open more files (LimitNOFILE of the service, ulimit -n)',
  ],
  [
    /\bENOSPC\b|no space left|disk of the database is full/i,
    'make room on it, some hundred MB, and start again: what was stored is there',
  ],
]

/** What is said of a start that failed: it begins alike, whatever was thrown, and says what to do about what the machine refused. */
export function refusalOf(cause: unknown): string {
  const message = messageOf(cause)
  const said = message.startsWith(BEGINNING) ? message : `${BEGINNING}: ${message}`
  const help = TOO_LITTLE.find(([pattern]) => pattern.test(said))
  if (help) return `${said}; ${help[1]}`
  if (!isForbiddenFile(cause)) return said
  return `${said}; it must belong to the user who starts Parley, as all that is in the data directory`
}

function isForbiddenFile(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false
  const isForbidden = 'code' in cause && (cause.code === 'EACCES' || cause.code === 'EPERM')
  return (isForbidden && 'path' in cause) || isForbiddenFile(cause.cause)
}
