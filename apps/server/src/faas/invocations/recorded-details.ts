import type { InvocationRecord } from '#faas/records'
import type { InvocationsDeps } from './deps.ts'
import type { Run } from './run.ts'
import { recordedBody, recordedCalls } from './recorded-parts.ts'

/** Input, result and outgoing calls of a run, redacted. */
export function recordedDetails(
  deps: InvocationsDeps,
  { record, outcome, recordings: { maxBytes } }: Run,
  body: Uint8Array,
): Pick<InvocationRecord, 'input' | 'result' | 'outgoing'> {
  const secrets = deps.secretsOf(record.accountId)
  return {
    input: recordedBody(body, maxBytes, secrets),
    result: outcome.ok ? recordedBody(outcome.result, maxBytes, secrets) : null,
    outgoing: recordedCalls(outcome, secrets),
  }
}
