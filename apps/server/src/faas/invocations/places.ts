import type { FunctionVersion, LogEntry, SandboxOutcome } from '#faas/sandbox'

type Failed = Extract<SandboxOutcome, { ok: false }>
type Original = NonNullable<FunctionVersion['original']>

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
