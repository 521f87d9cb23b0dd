import type { LogEntry } from '@parley/contract'

const HEADER = 'lambdaUUID;requestID;timestamp;level;message;extras'

/** In the published form: separated by semicolons, times as in HTTP headers. */
export function toCsv(entries: readonly LogEntry[]): string {
  const rows = entries.map((entry) =>
    [
      entry.functionId,
      entry.invocationId,
      new Date(entry.at).toUTCString(),
      entry.level,
      entry.message,
      JSON.stringify(entry.extras),
    ]
      .map(quoted)
      .join(';'),
  )
  return `${[HEADER, ...rows].join('\n')}\n`
}

export function toJsonLines(entries: readonly LogEntry[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
}

function quoted(value: string): string {
  return /[";\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}
