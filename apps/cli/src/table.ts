import { writeOut } from './visible.ts'

/** Rows under headings, each column as wide as its widest cell. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  return [headings, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
    .concat('\n')
}

/** What a command shows: text for people, or with `--json` the same facts for programs. */
export function print(isJson: boolean | undefined, facts: unknown, text: string): void {
  writeOut(isJson ? `${JSON.stringify(facts, null, 2)}\n` : text)
}
