/** Line feeds and tabs are shown as they are. */
const CONTROLS = /[\p{Cc}--[\t\n]]/gv

/**
 * Text for a terminal. What consumers write, functions log and servers answer may hold signs that move the cursor, hide what stands
 * before them or speak to the terminal: each is shown as JSON writes it, such as `\u001b`, so that JSON keeps its meaning.
 */
export function visible(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(CONTROLS, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Shows what a command was asked for. */
export function writeOut(text: string): void {
  process.stdout.write(visible(text))
}

/** Says what a command has to say besides. */
export function writeNote(text: string): void {
  process.stderr.write(visible(text))
}
