/** A place in the author's source; lines and columns count from 1. */
export interface SourcePlace {
  file: string
  line: number
  column: number
}

const AT = /^([\w.-]+\.[jt]s):(\d+):(\d+)$/

/** Where a run failed; `undefined` when the author's code is not on the stack, as after a time-out. */
export function placeOfFailure({
  stack,
  at,
}: {
  stack?: string | undefined
  /** `file:line:column` where the failure was delivered, when there is no stack. */
  at?: string | undefined
}): SourcePlace | undefined {
  return stack === undefined ? placeIn(at ?? '') : firstPlace(stack)
}

function placeIn(text: string): SourcePlace | undefined {
  const [, file, line, column] = AT.exec(text) ?? []
  return file === undefined ? undefined : { file, line: Number(line), column: Number(column) }
}

/** Of the first frame that has one: it ends with the place, in brackets where the frame has a name. */
function firstPlace(stack: string): SourcePlace | undefined {
  for (const line of stack.split('\n')) {
    if (!isFrame(line)) continue
    const end = line.endsWith(')') ? -1 : undefined
    const place = placeIn(
      line.slice(Math.max(...[' ', '(', '/'].map((before) => line.lastIndexOf(before))) + 1, end),
    )
    if (place) return place
  }
  return undefined
}

/** Whether a line of a stack is a frame, and not of the error's message. */
export function isFrame(line: string): boolean {
  return line.startsWith(' ') && line.trimStart().startsWith('at ')
}
