import type { CallEnd, CallLog } from './read.ts'
import type { SandboxOutcome, UnavailableCode } from './types.ts'

type Frame = Pick<
  SandboxOutcome,
  'logs' | 'isOverLogLimit' | 'outgoing' | 'trace' | 'durationMs' | 'start'
>

/** The end of a call, for the caller of the sandbox. */
export function outcomeOf(
  end: CallEnd,
  { entries: logs, isOverLimit }: CallLog,
  rest: Omit<Frame, 'logs' | 'isOverLogLimit'>,
): SandboxOutcome {
  const frame: Frame = { logs, ...(isOverLimit && { isOverLogLimit: true }), ...rest }
  if (end.kind === 'result') return { ok: true, result: end.bytes, ...frame }
  if (end.kind === 'late') {
    const message = 'Lambda Execution is taking too long'
    return { ok: false, failure: 'executiontime-exceeded', message, retryable: false, ...frame }
  }
  if (end.kind === 'died') return diedOutcome(end, frame)
  const { failure, message, errorCode, stack, at } = end.failure
  const place = at === undefined ? {} : { at }
  if (failure === 'log-limit-reached') {
    return { ...logLimitOutcome(message, frame), ...place }
  }
  return {
    ok: false,
    failure,
    message,
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(stack === undefined ? {} : { stack }),
    ...place,
    retryable: false,
    ...frame,
  }
}

/** A call over the log limits keeps only one error entry. */
function logLimitOutcome(message: unknown, frame: Frame): SandboxOutcome {
  const text = typeof message === 'string' ? message : 'More log entries than the account allows'
  const timestamp = frame.logs.at(-1)?.timestamp ?? 0
  const logs = [{ level: 'Error' as const, message: text, extras: [], timestamp }]
  const failure = 'log-limit-reached' as const
  return { ok: false, failure, message: text, retryable: false, ...frame, logs }
}

function diedOutcome(end: Extract<CallEnd, { kind: 'died' }>, frame: Frame): SandboxOutcome {
  if (end.blame === 'another') {
    return { ...unavailable('instance-died', `The instance ended: ${end.reason}`), ...frame }
  }
  return {
    ok: false,
    failure: 'runtime-exception',
    message: `The instance of the function died: ${end.reason}`,
    // Of several running calls, any could be the cause.
    retryable: end.blame === 'one of several',
    ...frame,
  }
}

export function unavailable(
  errorCode: UnavailableCode,
  message: string,
): SandboxOutcome & { ok: false } {
  return {
    ok: false,
    failure: 'unavailable',
    errorCode,
    message,
    retryable: true,
    logs: [],
    outgoing: [],
    durationMs: 0,
    start: 'warm',
  }
}

export function badInput(errorCode: string, message: string): SandboxOutcome {
  return { ...unavailable('closed', message), failure: 'bad-input', errorCode, retryable: false }
}
