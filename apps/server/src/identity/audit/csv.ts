import type { AuditEntry } from '@parley/contract'
import { toCsvLines } from '#base/kit'

const COLUMNS = [
  'at',
  'actor',
  'action',
  'object',
  'outcome',
  'count',
  'address',
  'via',
  'details',
  'auditId',
]

export const CSV_HEADER = linesOf([COLUMNS])

/** Entries as lines; details are one field of JSON. */
export function csvLines(entries: readonly AuditEntry[]): string {
  return linesOf(
    entries.map((entry) => [
      entry.at,
      entry.actor,
      entry.action,
      entry.object,
      entry.outcome ?? '',
      String(entry.count ?? 1),
      entry.address ?? '',
      entry.via ?? '',
      JSON.stringify(entry.details),
      entry.auditId,
    ]),
  )
}

function linesOf(rows: readonly (readonly string[])[]): string {
  return toCsvLines(rows, { delimiter: ',', lineEnd: '\r\n', withoutFormulas: true })
}
