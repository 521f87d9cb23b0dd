import type { LogEntry } from '@parley/contract'
import { toCsvLines } from '#base/kit'

const HEADER = ['lambdaUUID', 'requestID', 'timestamp', 'level', 'message', 'extras']

/** In the published form: separated by semicolons, times as in HTTP headers, every text as it was logged. */
export function toCsv(entries: readonly LogEntry[], { withoutFormulas = false } = {}): string {
  const rows = entries.map((entry) => [
    entry.functionId,
    entry.invocationId,
    new Date(entry.at).toUTCString(),
    entry.level,
    entry.message,
    JSON.stringify(entry.extras),
  ])
  return toCsvLines([HEADER, ...rows], { delimiter: ';', lineEnd: '\n', withoutFormulas })
}

export function toJsonLines(entries: readonly LogEntry[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
}
