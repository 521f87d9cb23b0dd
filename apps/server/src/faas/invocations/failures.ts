import type { ErrorCode } from '@parley/contract'
import type { RanRecord } from '#faas/records'
import type { SandboxFailure, SandboxOutcome } from '#faas/sandbox'

interface FailureKind {
  state: RanRecord['outcome']
  /** As published. Shown by records and event sources. */
  errorCode: string
  code: ErrorCode
}

const KINDS: Record<SandboxFailure, FailureKind> = {
  'custom-failure': {
    state: 'CODING_FAILURE',
    errorCode: 'com.liveperson.faas.handler.custom-failure',
    code: 'function_failed',
  },
  'runtime-exception': {
    state: 'CODING_FAILURE',
    errorCode: 'com.liveperson.faas.handler.runtime-exception',
    code: 'function_crashed',
  },
  'executiontime-exceeded': {
    state: 'TIMEOUT',
    errorCode: 'com.liveperson.faas.handler.executiontime-exceeded',
    code: 'function_timed_out',
  },
  'log-limit-reached': {
    state: 'CODING_FAILURE',
    errorCode: 'com.liveperson.faas.handler.log-limit-reached',
    code: 'function_log_limit',
  },
  'bad-input': {
    state: 'UNKOWN',
    errorCode: 'com.liveperson.faas.es.badinput',
    code: 'invalid_request',
  },
  unavailable: {
    state: 'PLATFORM_FAILURE',
    errorCode: 'com.liveperson.faas.es.unavailable',
    code: 'sandbox_unavailable',
  },
}

export type FailedOutcome = Extract<SandboxOutcome, { ok: false }>

/** A call that was turned away before it began, because the machine is busy, is no run. */
export function hasRun(outcome: SandboxOutcome): boolean {
  return outcome.ok || outcome.failure !== 'unavailable' || outcome.errorCode === 'instance-died'
}

export interface DescribedFailure extends FailureKind {
  /** What the function failed with, of any type. */
  message: unknown
  text: string
  stack: string | undefined
}

/** The published state and code of a failure. A function's own error code wins; the sandbox's own codes are not shown. */
export function describeFailure(outcome: FailedOutcome): DescribedFailure {
  const kind = KINDS[outcome.failure]
  const { message } = outcome
  return {
    ...kind,
    errorCode:
      outcome.failure === 'unavailable' ? kind.errorCode : (outcome.errorCode ?? kind.errorCode),
    message,
    text: typeof message === 'string' ? message : (JSON.stringify(message) ?? String(message)),
    stack: outcome.stack,
  }
}
