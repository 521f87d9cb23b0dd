import { type Logger, pino } from 'pino'

export type { Logger }

/** Values under these names never reach a log line. */
const REDACTED = ['authorization', 'cookie', 'password', 'secret', 'token', 'bearer', 'jwt', 'csrf']

/** Structured, buffered logs on standard error: standard output belongs to what the commands print. */
export function openLogger(level: string): Logger & AsyncDisposable {
  const destination = pino.destination({ dest: 2, sync: false, minLength: 4096 })
  const logger = pino(
    { level, base: null, redact: { paths: REDACTED.flatMap((name) => [name, `*.${name}`]) } },
    destination,
  )
  const flushing = setInterval(() => destination.flush(), 500)
  flushing.unref()
  return Object.assign(logger, {
    async [Symbol.asyncDispose]() {
      clearInterval(flushing)
      destination.flushSync()
    },
  })
}
