import type { InvocationRecord } from '#faas/records'
import type { InvocationsDeps } from './deps.ts'
import type { Run } from './run.ts'
import { recordedBody, recordedCalls } from './recorded-parts.ts'

/** Input, result and outgoing calls of a run, masked. */
export function recordedDetails(
  deps: InvocationsDeps,
  { record, outcome, recordings: { maxBytes } }: Run,
  body: Uint8Array,
): Pick<InvocationRecord, 'input' | 'result' | 'outgoing'> {
  const mask = deps.maskOf(record.accountId)
  return {
    input: recordedBody(body, maxBytes, mask),
    result: outcome.ok ? recordedBody(outcome.result, maxBytes, mask) : null,
    outgoing: recordedCalls(outcome, mask),
  }
}
