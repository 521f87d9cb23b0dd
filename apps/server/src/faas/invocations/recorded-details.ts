import type { InvocationRecord } from '#faas/records'
import type { InvocationsDeps } from './deps.ts'
import type { Run } from './run.ts'
import { recordedBody, recordedCalls } from './recorded-parts.ts'

/** What is kept of a run beside its record, masked: nothing, the hosts that it has called, or input and result, too. */
export function recordedDetails(
  deps: InvocationsDeps,
  { record, outcome, kept, recordings: { maxBytes } }: Run,
  body: Uint8Array,
): Partial<Pick<InvocationRecord, 'input' | 'result' | 'outgoing'>> {
  const mask = deps.maskOf(record.accountId)
  if (kept === 'nothing') return {}
  const outgoing = recordedCalls(outcome, mask)
  if (kept === 'metadata') return { outgoing }
  return {
    input: recordedBody(body, maxBytes, mask),
    result: outcome.ok ? recordedBody(outcome.result, maxBytes, mask) : null,
    outgoing,
  }
}
