const PLACE = /([\w.-]+\.[jt]s):(\d+):(\d+)\)?$/

/** The line of the function's source that the first frame of a stack names, or that a place such as `index.js:3:7` is. */
export function lineOf(text: string | undefined): number | undefined {
  for (const line of (text ?? '').split('\n')) {
    const isFrame = line.trimStart().startsWith('at ')
    const [, , number] = PLACE.exec(line.trimEnd()) ?? []
    if (number !== undefined && (isFrame || !line.includes(' '))) return Number(number)
  }
  return undefined
}
