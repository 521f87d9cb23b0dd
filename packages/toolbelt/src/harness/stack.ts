/** Lines that `new Function` puts before the source. */
const WRAPPER_LINES = 2
const MAX_CHARACTERS = 4_000

/** The runtime keeps ten frames: those of a library would push the author's line out. */
Error.stackTraceLimit = 40

/** The stack of an error, with positions in the author's source and without frames of the harness; '' when it cannot be read. */
export function stackReader(
  sourceName: string,
  lineOffset: number,
  isWrapped = true,
): (error: Error) => string {
  const shift = (isWrapped ? WRAPPER_LINES : 0) + lineOffset
  const position = new RegExp(`${sourceName.replace(/\W/g, '\\$&')}(?:, <anonymous>)?:(\\d+)`, 'g')
  return (error) => {
    try {
      const lines = String(error.stack ?? '').split('\n')
      return lines
        .filter((line) => !/^\s+at .*(bootstrap\.mjs|ext:|node:)/.test(line))
        .join('\n')
        .replace(position, (_all, line) => `${sourceName}:${Math.max(1, Number(line) - shift)}`)
        .slice(0, MAX_CHARACTERS)
    } catch {
      // `Error.prepareStackTrace` is the function's.
      return ''
    }
  }
}
