import { type Logger, pino } from 'pino'
import { readableLines } from './readable-lines.ts'

export type { Logger }

/** Values under these names never reach a log line. */
const REDACTED = ['authorization', 'cookie', 'password', 'secret', 'token', 'bearer', 'jwt', 'csrf']

/**
 * Structured, buffered logs on standard error: standard output belongs to what the commands print. At a terminal each line is
 * written at once, for a person to read.
 */
export function openLogger(level: string): Logger & AsyncDisposable {
  const options = {
    level,
    base: null,
    redact: { paths: REDACTED.flatMap((name) => [name, `*.${name}`]) },
  }
  if (process.stderr.isTTY) {
    const logger = pino(options, readableLines(process.stderr))
    return Object.assign(logger, { [Symbol.asyncDispose]: () => Promise.resolve() })
  }
  const destination = pino.destination({ dest: 2, sync: false, minLength: 4096 })
  const logger = pino(options, destination)
  const flushing = setInterval(() => destination.flush(), 500)
  flushing.unref()
  return Object.assign(logger, {
    async [Symbol.asyncDispose]() {
      clearInterval(flushing)
      destination.flushSync()
    },
  })
}
