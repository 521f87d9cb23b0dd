import type { InvocationRecord } from '#faas/records'
import type { InvocationsDeps } from './deps.ts'
import type { Run } from './run.ts'
import { keptJson, recordedCalls } from './recorded-parts.ts'

type Details = Pick<InvocationRecord, 'outgoing' | 'inputJson' | 'resultJson' | 'trace' | 'draws'>

/** What is kept of a run beside its record, masked: nothing, the hosts that it has called, or all that a replay needs, too. */
export function recordedDetails(
  { maskOf, recordings }: Pick<InvocationsDeps, 'maskOf' | 'recordings'>,
  { record, outcome, kept, statement, recordings: { maxBytes } }: Run,
  body: Uint8Array,
): Details {
  if (kept === 'nothing') return {}
  const mask = maskOf(record.accountId)
  const outgoing = recordedCalls(outcome, mask)
  const trace = statement && recordings.inRow(record, statement)
  if (kept === 'metadata') return { outgoing, ...trace }
  return {
    inputJson: keptJson(body, maxBytes, mask),
    resultJson: outcome.ok ? keptJson(outcome.result, maxBytes, mask) : null,
    outgoing,
    ...trace,
  }
}
