import type { ServerResponse } from 'node:http'
import { type DirectAnswer, describeFailure, type FailedOutcome } from '#invocations'
import type { LogEntry, SandboxOutcome } from '#sandbox'

export interface Answer {
  status: number
  body: Uint8Array
  headers?: Record<string, string>
}

type Dialect = 1 | 2

/** Published for a function that failed; no standard status. */
const FUNCTION_FAILED = 901
const RETRY_AFTER_S = '1'
const MAX_ONE_WRITE_BYTES = 65_536
const NOTHING = Buffer.from('null')

/** The function's own result, its bytes untouched. */
export function answerInvocation(dialect: Dialect, outcome: SandboxOutcome): Answer {
  return outcome.ok
    ? { status: 200, body: outcome.result ?? NOTHING }
    : answerFailure(dialect, outcome)
}

/** For the Invoke page and the command line: result and all log entries. */
export function answerTest(dialect: Dialect, outcome: SandboxOutcome): Answer {
  if (!outcome.ok) return answerFailure(dialect, outcome, outcome.logs)
  const logs = `"logs":${JSON.stringify(outcome.logs)}}`
  return {
    status: 200,
    body: outcome.result
      ? Buffer.concat([Buffer.from('{"result":'), outcome.result, Buffer.from(`,${logs}`)])
      : Buffer.from(`{${logs}`),
  }
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
  for (const answer of answers) {
    if (!answer.outcome.ok) return answerFailure(dialect, answer.outcome)
    parts.push(Buffer.from(parts.length === 0 ? '[' : ','))
    parts.push(entry(answer, answer.outcome.result ?? NOTHING))
  }
  if (parts.length === 0) return { status: 200, body: Buffer.from('[]') }
  return { status, body: Buffer.concat([...parts, Buffer.from(']')]) }
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
  return {
    status: outcome.failure === 'unavailable' ? (isFull ? 429 : 502) : FUNCTION_FAILED,
    body: Buffer.from(JSON.stringify(body)),
    ...(isFull && { headers: { 'retry-after': RETRY_AFTER_S } }),
  }
}

export function send(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
    'x-content-type-options': 'nosniff',
    ...headers,
  })
  // A text leaves together with the headers in one write; bytes of any encoding survive being called latin1.
  if (body.length <= MAX_ONE_WRITE_BYTES) response.end(asBuffer(body).toString('latin1'), 'latin1')
  else response.end(body)
}

function asBuffer(bytes: Uint8Array): Buffer {
  return bytes instanceof Buffer
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
