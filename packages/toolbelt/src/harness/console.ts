import { Writable } from 'node:stream'
import { createMeasures } from './measures.ts'
import { loggable } from './json.ts'

type Level = 'Debug' | 'Info' | 'Warn' | 'Error'

/** Replaces `console` and the standard streams: a plain write must become a log entry, never bytes in the frame pipe. */
export function installConsole(
  log: (level: Level, message: string, extras: unknown[]) => void,
): void {
  const at =
    (level: Level) =>
    (first?: unknown, ...rest: unknown[]) =>
      log(level, typeof first === 'string' ? first : asText(first), rest.map(loggable))
  const none = () => undefined
  const own = {
    debug: at('Debug'),
    trace: at('Debug'),
    info: at('Info'),
    log: at('Info'),
    dir: at('Info'),
    dirxml: at('Info'),
    table: at('Info'),
    group: at('Info'),
    groupCollapsed: at('Info'),
    warn: at('Warn'),
    error: at('Error'),
    assert: (condition: unknown, ...rest: unknown[]) => {
      if (!condition) at('Error')('Assertion failed', ...rest)
    },
    groupEnd: none,
    clear: none,
    timeStamp: none,
    profile: none,
    profileEnd: none,
    ...createMeasures(at('Debug')),
  }
  Object.defineProperty(globalThis, 'console', {
    value: own,
    writable: true,
    configurable: true,
  })
  for (const [stream, level] of [
    ['stdout', 'Info'],
    ['stderr', 'Error'],
  ] as const) {
    const sink = new Writable({
      write(chunk, _encoding, done) {
        log(level, String(chunk).replace(/\n$/, ''), [])
        done()
      },
    })
    Object.defineProperty(process, stream, { value: sink, configurable: true })
  }
}

function asText(value: unknown): string {
  const shown = loggable(value)
  return typeof shown === 'string' ? shown : JSON.stringify(shown)
}
