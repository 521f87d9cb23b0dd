import type { LogEntry } from '@parley/contract'

const HEADER = 'lambdaUUID;requestID;timestamp;level;message;extras'

/** In the published form: separated by semicolons, times as in HTTP headers. `shown` is what becomes of each field. */
export function toCsv(
  entries: readonly LogEntry[],
  shown: (text: string) => string = (text) => text,
): string {
  const rows = entries.map((entry) =>
    [
      entry.functionId,
      entry.invocationId,
      new Date(entry.at).toUTCString(),
      entry.level,
      entry.message,
      JSON.stringify(entry.extras),
    ]
      .map((field) => quoted(shown(field)))
      .join(';'),
  )
  return `${[HEADER, ...rows].join('\n')}\n`
}

export function toJsonLines(entries: readonly LogEntry[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
}

/** What a consumer wrote and a function logged must not become a formula in somebody's spreadsheet. */
export function plainText(field: string): string {
  return /^[=+\-@\t\r]/.test(field) ? `'${field}` : field
}

function quoted(value: string): string {
  return /[";\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}
