import type { LogEntry, OutgoingCall, SandboxOutcome } from '#faas/sandbox'
import { isFrame, placeOfFailure } from '#faas/source'
import { describeFailure, type FailedOutcome, hasRun } from './failures.ts'

/** Which run of which invocation, and when it ended. */
export interface Attempt {
  invocationId: string
  attempt: number
  endedAt: number
}

/** What lets a refused call out: a sentence for the author; `undefined` where nothing does. */
export type HowToAllow = (call: {
  host: string
  port: number
  reason: string
}) => string | undefined

/** How the log of a function notes an `Error` that the function delivered (`spec/platform.md` 5). */
const NOTED = 'Received Error - '

/** The function's own entries, then those of the platform: refused calls, and where and why the run failed. */
export function withPlatformEntries(
  outcome: SandboxOutcome,
  attempt: Attempt,
  howToAllow: HowToAllow,
): LogEntry[] {
  if (!outcome.ok && outcome.failure === 'log-limit-reached') {
    // Published: over the log limits only one entry is kept.
    return [failureEntry(outcome, outcome.message, attempt)]
  }
  const last = outcome.logs.at(-1)
  // Clocks of functions may be ahead: the platform's entries stand after theirs.
  const at = Math.round(Math.max(last?.timestamp ?? 0, attempt.endedAt))
  const refusals = refusedEntries(outcome, howToAllow, at)
  if (outcome.ok || !hasRun(outcome)) return [...outcome.logs, ...refusals]
  const isNoted = last?.level === 'Error' && last.message.startsWith(NOTED)
  const own = isNoted ? outcome.logs.slice(0, -1) : outcome.logs
  const { text, stack } = describeFailure(outcome)
  const message = isNoted ? last.message : (headline(stack) ?? text)
  return [...own, ...refusals, failureEntry(outcome, message, { ...attempt, endedAt: at })]
}

function failureEntry(
  outcome: FailedOutcome,
  message: unknown,
  { endedAt, ...attempt }: Attempt,
): LogEntry {
  const { errorCode } = describeFailure(outcome)
  const extras = [{ ...placeOfFailure(outcome), ...attempt, errorCode }]
  return { level: 'Error', message: String(message), extras, timestamp: Math.round(endedAt) }
}

/** `TypeError: x is not a function`: what the stack begins with, with the name of the error. */
function headline(stack: string | undefined): string | undefined {
  const lines = stack?.split('\n') ?? []
  const frames = lines.findIndex((line, index) => index > 0 && isFrame(line))
  const first = lines.slice(0, frames < 0 ? undefined : frames).join('\n')
  return first === '' ? undefined : first
}

/** One entry for each host and place, however often it was called. */
function refusedEntries(
  outcome: SandboxOutcome,
  howToAllow: HowToAllow,
  timestamp: number,
): LogEntry[] {
  const entries = new Map<string, LogEntry>()
  for (const call of outcome.outgoing) {
    if (call.refused === undefined) continue
    const { host, calledFrom = '' } = call
    const entry = refusedEntry(call, call.refused, howToAllow, timestamp)
    if (entry) entries.set(`${host} ${calledFrom}`, entry)
  }
  return [...entries.values()]
}

function refusedEntry(
  { host, method, calledFrom }: OutgoingCall,
  reason: string,
  howToAllow: HowToAllow,
  timestamp: number,
): LogEntry | undefined {
  const [, name = host, port] = /^\[?([^\]]*?)\]?(?::(\d{1,5}))?$/.exec(host) ?? []
  const how = howToAllow({ host: name, port: Number(port ?? 443), reason })
  if (how === undefined) return undefined
  const place = placeOfFailure({ at: calledFrom ?? '' })
  const at = place ? ` at ${place.file}:${place.line}:${place.column}` : ''
  const message = `${method} ${host}${at} was not let out: ${reason}. ${how}`
  return { level: 'Warn', message, extras: [{ host, ...place }], timestamp }
}
