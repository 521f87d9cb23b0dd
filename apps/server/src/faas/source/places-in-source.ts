import { originalPlace } from './compile-typescript.ts'

/**
 * Translates every `index.js:<line>:<column>` in a text to the author's file.
 * @param sourceMap of what runs; absent when that is the author's file as it is
 */
export function placesInSource(
  sourceMap: string | undefined,
  file: string,
): (text: string) => string {
  let place: ReturnType<typeof originalPlace> | undefined
  return (text) =>
    text.replaceAll(/index\.js:(\d+):(\d+)/g, (_whole, line: string, column: string) => {
      const at = { line: Number(line), column: Number(column) }
      if (sourceMap !== undefined) place ??= originalPlace(sourceMap)
      const origin = place?.(at) ?? at
      return `${file}:${origin.line}:${origin.column}`
    })
}
