import type { FunctionVersion, LogEntry, SandboxOutcome } from '#faas/sandbox'

/** A place in the author's source; lines and columns count from 1. */
export interface SourcePlace {
  file: string
  line: number
  column: number
}

type Failed = Extract<SandboxOutcome, { ok: false }>
type Original = NonNullable<FunctionVersion['original']>

const AT = /^([\w.-]+\.[jt]s):(\d+):(\d+)$/

/** Where a run failed; `undefined` when the author's code is not on the stack, as after a time-out. */
export function placeOfFailure({
  stack,
  at,
}: Pick<Failed, 'stack' | 'at'>): SourcePlace | undefined {
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

/** Translates every place of an outcome, those in logged errors too, from the running code to the author's source. */
export function inSource<Outcome extends SandboxOutcome>(
  outcome: Outcome,
  original: Original | undefined,
): Outcome {
  if (!original) return outcome
  const { stack, at } = outcome as Partial<Failed>
  return {
    ...outcome,
    ...(stack !== undefined && { stack: original(stack) }),
    ...(at !== undefined && { at: original(at) }),
    logs: outcome.logs.map((entry) => entryInSource(entry, original)),
    outgoing: outcome.outgoing.map(({ calledFrom, ...call }) => ({
      ...call,
      ...(calledFrom !== undefined && { calledFrom: original(calledFrom) }),
    })),
  }
}

function entryInSource(entry: LogEntry, original: Original): LogEntry {
  return { ...entry, extras: entry.extras.map((extra) => stackInSource(extra, original)) }
}

/** `console.error(text, error)` logs the error with its stack. */
function stackInSource(extra: unknown, original: Original): unknown {
  if (typeof extra !== 'object' || extra === null || !('stack' in extra)) return extra
  const { stack } = extra
  return typeof stack === 'string' ? { ...extra, stack: original(stack) } : extra
}
