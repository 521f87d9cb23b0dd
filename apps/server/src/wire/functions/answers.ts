import type { HotAnswer } from '#base/http'
import { type DirectAnswer, describeFailure, type FailedOutcome, hasRun } from '#faas/invocations'
import type { LogEntry, SandboxOutcome } from '#faas/sandbox'

export type Answer = HotAnswer & {
  readonly body: Uint8Array
  sent?: never
  /** Nothing of the request has run. */
  turnedAway?: true
}

type Dialect = 1 | 2

/** The published status of a function that failed. No HTTP standard defines it. */
const FUNCTION_FAILED = 901
const RETRY_AFTER_S = '1'
const NOTHING = Buffer.from('null')
const HEADERS = { 'content-type': 'application/json; charset=utf-8' }

export function answerJson(value: object): Answer {
  const body = Buffer.from(JSON.stringify(value))
  return { status: 200, headers: HEADERS, body }
}

/** The function's own result, its bytes untouched. */
export function answerInvocation(dialect: Dialect, outcome: SandboxOutcome): Answer {
  return outcome.ok ? answer(200, outcome.result ?? NOTHING) : answerFailure(dialect, outcome)
}

/** The answer to a test, for the Invoke page and the command line: result and all log entries. */
export function answerTest(dialect: Dialect, outcome: SandboxOutcome): Answer {
  if (!outcome.ok) return answerFailure(dialect, outcome, outcome.logs)
  const logs = `"logs":${JSON.stringify(outcome.logs)}}`
  return answer(
    200,
    outcome.result
      ? Buffer.concat([Buffer.from('{"result":'), outcome.result, Buffer.from(`,${logs}`)])
      : Buffer.from(`{${logs}`),
  )
}

export function answerEventV1(answers: readonly DirectAnswer[], now: number): Answer {
  const timestamp = JSON.stringify(new Date(now).toISOString())
  return answerEvent(1, 200, answers, ({ functionId }, result) =>
    Buffer.concat([
      Buffer.from(`{"uuid":"${functionId}","timestamp":${timestamp},"result":`),
      result,
      Buffer.from('}'),
    ]),
  )
}

export function answerEventV2(answers: readonly DirectAnswer[]): Answer {
  return answerEvent(2, 202, answers, (_answer, result) => result)
}

function answerEvent(
  dialect: Dialect,
  status: number,
  answers: readonly DirectAnswer[],
  entry: (answer: DirectAnswer, result: Uint8Array) => Uint8Array,
): Answer {
  const parts: Uint8Array[] = []
  for (const one of answers) {
    if (!one.outcome.ok) {
      const { turnedAway, ...failed } = answerFailure(dialect, one.outcome)
      return { ...failed, ...(turnedAway && parts.length === 0 && { turnedAway }) }
    }
    parts.push(Buffer.from(parts.length === 0 ? '[' : ','))
    parts.push(entry(one, one.outcome.result ?? NOTHING))
  }
  if (parts.length === 0) return answer(200, Buffer.from('[]'))
  return answer(status, Buffer.concat([...parts, Buffer.from(']')]))
}

const V2_CODES: Record<FailedOutcome['failure'], string> = {
  'custom-failure': 'com.customer.faas.function.threw-error',
  'runtime-exception': 'com.customer.faas.function.js-runtime-error',
  'executiontime-exceeded': 'com.customer.faas.function.execution-exceeded',
  'log-limit-reached': 'com.liveperson.faas.function.runtime.limit-reached',
  'bad-input': 'com.liveperson.faas.evg.invalid',
  unavailable: 'com.liveperson.faas.evg.general',
}

function answerFailure(
  dialect: Dialect,
  outcome: FailedOutcome,
  errorLogs?: readonly LogEntry[],
): Answer {
  const { errorCode, message, text } = describeFailure(outcome)
  const isFull = outcome.failure === 'unavailable' && outcome.errorCode === 'queue-full'
  const logs = errorLogs && { errorLogs }
  const body =
    dialect === 1
      ? { errorCode, errorMsg: message ?? '', ...logs }
      : { code: V2_CODES[outcome.failure], message: text, ...logs }
  const status = outcome.failure === 'unavailable' ? (isFull ? 429 : 502) : FUNCTION_FAILED
  const headers = isFull ? { 'retry-after': RETRY_AFTER_S } : undefined
  const failed = answer(status, Buffer.from(JSON.stringify(body)), headers)
  return hasRun(outcome) ? failed : { ...failed, turnedAway: true }
}

function answer(status: number, body: Uint8Array, headers?: Record<string, string>): Answer {
  return { status, headers: headers ? { ...HEADERS, ...headers } : HEADERS, body }
}
