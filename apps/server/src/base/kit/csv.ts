import { stringify } from 'csv-stringify/sync'

export interface CsvForm {
  delimiter: ',' | ';'
  lineEnd: '\n' | '\r\n'
  /** Puts an apostrophe before a field that a spreadsheet would take for a formula: customers and their functions choose such texts. */
  withoutFormulas: boolean
}

/** Lines of CSV (RFC 4180); a field is quoted where it must be. */
export function toCsvLines(
  rows: readonly (readonly string[])[],
  { delimiter, lineEnd, withoutFormulas }: CsvForm,
): string {
  return stringify(
    rows.map((row) => [...row]),
    {
      delimiter,
      record_delimiter: lineEnd,
      quote_record_delimiter: true,
      escape_formulas: withoutFormulas,
    },
  )
}
