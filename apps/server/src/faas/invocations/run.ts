import type { AccountSettings } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import type { DeployedFunction } from '#faas/functions'
import type { InvocationRecord } from '#faas/records'
import { fitsInRow, type RowStatement } from '#faas/recordings'
import type { CallTrace, FunctionVersion, LogEntry, SandboxOutcome } from '#faas/sandbox'
import { requireActive } from '#base/store'
import type { InvocationsDeps } from './deps.ts'
import { hasRun } from './failures.ts'
import { type Kept, keptOf, traceOf } from './recording-policy.ts'
import { recordOf, type Trigger, type Ran } from './record-of.ts'
import { logRows } from './log-rows.ts'
import { maskEntry } from './recorded-parts.ts'
import { inSource } from './places.ts'
import { readOutcome } from './read-result.ts'
import { withPlatformEntries } from './platform-entries.ts'

export interface RunCall {
  /** JSON of `{ timestamp, headers, payload }`. */
  body: Uint8Array
  trigger: Trigger
  timeLimitMs?: number | undefined
  /** Its caller is refused when the function has more calls than it can answer. */
  canAskAgain?: boolean
  /** A test returns entries of all levels. It stores those of a real run if it is told to, otherwise none. */
  test?: boolean
  keepLogs?: boolean
  /** The platform's own doing, such as a schedule: recorded as a run for an event. */
  byPlatform?: boolean
  /** The server reads the result: one that it does not read is a failure. */
  reads?: boolean
}

export interface Run {
  outcome: SandboxOutcome
  /** The log with the platform's entries about refused calls and the failure. */
  entries: LogEntry[]
  record: InvocationRecord
  /** How much of it is kept beside the record. */
  kept: Kept
  /** What the function returned, where the server reads it. */
  value?: unknown
  /** What its record says for a replay, where that is not recorded elsewhere. */
  statement?: RowStatement | undefined
  /** The account's setting when the run began. */
  recordings: AccountSettings['recordings']
}

/** Runs a deployed function once; counts it and stores its log. The caller stores the record. */
export function runDeployed(
  deps: InvocationsDeps,
  deployed: DeployedFunction,
  call: RunCall,
): Promise<Run> {
  const { known, load } = deps.functions.runnables
  const runnable = known(deployed.deploymentId)
  if (runnable) return run(deps, deployed, runnable, call)
  return load(deployed).then((loaded) => run(deps, deployed, loaded, call))
}

export async function run(
  deps: InvocationsDeps,
  ran: Ran,
  runnable: FunctionVersion,
  call: RunCall,
): Promise<Run> {
  const { body, trigger, timeLimitMs, canAskAgain = false } = call
  const { test = false, keepLogs = !test, byPlatform = false, reads = false } = call
  requireActive(deps.store, ran.accountId)
  const startedAt = deps.clock.now()
  // In memory, except right after a change.
  const settings = deps.settings.peek(ran.accountId) ?? (await deps.settings.get(ran.accountId))
  const { executionTimeMs, logEntries, logCharacters } = settings.limits
  const isEvent = byPlatform || trigger.eventId !== undefined
  const samples = deps.records.writer.samples(ran.functionId, startedAt)
  const trace = traceOf(settings.recordings, { isEvent, samples })
  const sandboxCall = {
    version: runnable,
    invocationId: trigger.invocationId,
    conversationId: trigger.conversationId,
    body,
    timeLimitMs: Math.min(timeLimitMs ?? Infinity, executionTimeMs),
    limits: { logEntries, logCharacters },
    canAskAgain,
    keepDebug: test,
    trace,
  }
  const first = await deps.sandbox.invoke(sandboxCall)
  // Published: automatic retries may repeat an invocation that the platform could not finish.
  const last = isWorthRepeating(first)
    ? lastOf(first, await deps.sandbox.invoke(sandboxCall))
    : first
  if (!last.ok && last.failure === 'bad-input') {
    throw new ParleyError('invalid_request', String(last.message))
  }
  const { invocationId, attempt = 1 } = trigger
  const began = { invocationId, attempt, startedAt }
  const read = reads ? readOutcome(last) : { outcome: last }
  const { outcome, entries } = placedEntries(deps, ran, runnable, read.outcome, began, test)

  const mask = deps.maskOf(ran.accountId)
  const record = recordOf(
    mask,
    deps.records.newRecordId(startedAt),
    ran,
    trigger,
    startedAt,
    outcome,
  )
  const counts = deps.records.writer.count(record, startedAt, hasRun(outcome))
  const wanted = keptOf(settings.recordings, { isEvent, samples: counts.samples, ok: outcome.ok })
  if (outcome.ok && !isEvent && wanted === 'whole') counts.samples++
  const { kept, statement } =
    wanted === 'whole' && outcome.trace
      ? recordTrace(deps, record, outcome.trace, runnable, settings)
      : { kept: wanted }
  if (keepLogs && entries.length > 0) {
    deps.records.writer.log(logRows(record, entries, mask))
  }
  deps.logInvoked({
    accountId: ran.accountId,
    functionId: ran.functionId,
    requestId: trigger.invocationId,
    ms: outcome.durationMs,
    outcome: record.outcome,
  })
  return { ...read, outcome, entries, record, kept, statement, recordings: settings.recordings }
}

/** Short ones stand in the record; long ones are written by a queue, which may have too many. */
function recordTrace(
  { recordings }: InvocationsDeps,
  record: InvocationRecord,
  trace: CallTrace,
  { env }: FunctionVersion,
  { recordings: { maxBytes } }: Pick<AccountSettings, 'recordings'>,
): Pick<Run, 'kept' | 'statement'> {
  const statement = { trace, bodyBytes: maxBytes, environment: Object.keys(env) }
  if (fitsInRow(trace)) return { kept: 'whole', statement }
  const { accountId, startedAt, recordId, functionId, conversationId = null } = record
  const head = { accountId, startedAt, recordId, functionId, conversationId }
  return { kept: recordings.add({ ...head, ...statement }) ? 'whole' : 'metadata' }
}

/** How a run ended, with places in the author's source and without secrets, and its log with the platform's entries. */
export function placedEntries(
  deps: InvocationsDeps,
  ran: Ran,
  { original }: FunctionVersion,
  ended: SandboxOutcome,
  { startedAt, ...attempt }: { invocationId: string; attempt: number; startedAt: number },
  test = false,
): Pick<Run, 'outcome' | 'entries'> {
  const placed = inSource(ended, original)
  const told = test ? { ...placed, logs: shown(deps, ran, placed.logs) } : placed
  const outcome = told.ok ? told : masked(deps, ran, told)
  const endedAt = startedAt + outcome.durationMs
  const all = withPlatformEntries(outcome, { ...attempt, endedAt }, (refused) =>
    deps.howToAllow(ran.accountId, refused),
  )
  return { outcome, entries: test ? shown(deps, ran, all) : all }
}

/** Repeats a call that failed through no fault of its own, but not when the queue is full: that is for the caller. */
function isWorthRepeating(outcome: SandboxOutcome): boolean {
  return !outcome.ok && outcome.retryable && outcome.errorCode !== 'queue-full'
}

/** A call has run even where its repetition was turned away. */
function lastOf(first: SandboxOutcome, again: SandboxOutcome): SandboxOutcome {
  if (first.ok || again.ok || !hasRun(first) || hasRun(again)) return again
  return { ...again, message: first.message, errorCode: 'instance-died' }
}

/** The log of a test: masked like a stored one. */
function shown(deps: InvocationsDeps, { accountId }: Ran, logs: readonly LogEntry[]): LogEntry[] {
  const mask = deps.maskOf(accountId)
  return logs.map((entry) => maskEntry(entry, mask))
}

type Failed = Extract<SandboxOutcome, { ok: false }>

/** Masks secrets in what leaves the platform. */
function masked(deps: InvocationsDeps, { accountId }: Ran, outcome: Failed): Failed {
  const mask = deps.maskOf(accountId)
  const { message, errorCode, stack } = outcome
  return {
    ...outcome,
    message: mask.value(message),
    ...(errorCode !== undefined && { errorCode: mask.text(errorCode) }),
    ...(stack !== undefined && { stack: mask.text(stack) }),
  }
}
