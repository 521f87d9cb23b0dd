import { type Logger, pino, stdSerializers } from 'pino'
import { openDescriptorWriter } from './descriptor-writer.ts'
import { messageOf, ParleyError } from './errors.ts'
import { readableLines } from './readable-lines.ts'

export type { Logger }

/** Values under these names never reach a log line. */
const REDACTED = ['authorization', 'cookie', 'password', 'secret', 'token', 'bearer', 'jwt', 'csrf']

/** So much is written at once; less waits for half a second at most. */
const BUFFER_BYTES = 65_536
const FLUSH_AFTER_MS = 500
/** Bytes of a UTF-16 code unit in UTF-8. */
const MAX_BYTES_OF_UNIT = 3

/**
 * Structured, buffered logs on standard error: standard output belongs to what the commands print. At a terminal each line is
 * written at once, for a person to read.
 */
export function openLogger(level: string): Logger & AsyncDisposable {
  const options = {
    level,
    base: null,
    serializers: { err: shown },
    redact: { paths: REDACTED.flatMap((name) => [name, `*.${name}`]) },
  }
  if (process.stderr.isTTY) {
    const logger = pino(options, readableLines(process.stderr))
    return Object.assign(logger, { [Symbol.asyncDispose]: () => Promise.resolve() })
  }
  const lines = bufferedLines(2)
  const logger = pino(options, lines)
  const flushing = setInterval(lines.flush, FLUSH_AFTER_MS)
  flushing.unref()
  return Object.assign(logger, {
    async [Symbol.asyncDispose]() {
      clearInterval(flushing)
      lines.close()
    },
  })
}

/**
 * What is away is tried again and again, and its message and its cause's say why: the stacks of those who waited for it would hide everything else.
 * A `TypeError` below it is a mistake of ours.
 */
function shown(thrown: Error): object {
  const isAway = thrown instanceof ParleyError && thrown.code === 'unavailable'
  if (!isAway || thrown.cause instanceof TypeError) return stdSerializers.err(thrown)
  return { type: thrown.name, code: thrown.code, message: withCause(thrown) }
}

function withCause({ message, cause }: ParleyError): string {
  const why = cause === undefined ? '' : messageOf(cause)
  return message.includes(why) ? message : `${message}: ${why}`
}

/** Encodes lines where they wait, outside of the heap: as strings they would be copied by every collection meanwhile. */
function bufferedLines(descriptor: number) {
  const writer = openDescriptorWriter(descriptor)
  let buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES)
  let used = 0
  let isWatching = false
  function flush(): void {
    if (used === 0) return writer.retry()
    writer.add(buffer.subarray(0, used))
    buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES)
    used = 0
  }
  function flushSync(): void {
    flush()
    writer.flushSync()
  }
  function flushRest(): void {
    if (used > 0) flushSync()
  }
  return {
    flush,
    write(line: string) {
      if (!isWatching) {
        isWatching = true
        // Whatever ends the process, an error too: its last lines say what happened before.
        process.once('beforeExit', flush)
        process.once('exit', flushRest)
      }
      const atMost = line.length * MAX_BYTES_OF_UNIT
      if (used + atMost > BUFFER_BYTES) flush()
      if (atMost > BUFFER_BYTES) writer.add(Buffer.from(line))
      else used += buffer.write(line, used)
    },
    /** Called by pino after a fatal error, too. */
    flushSync,
    close() {
      process.off('beforeExit', flush)
      process.off('exit', flushRest)
      flushSync()
    },
  }
}
