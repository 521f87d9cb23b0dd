import type { InvocationHead } from '#faas/records'
import type { InvocationsRoom, Run } from './run.ts'
import { keepable, keepableCalls } from './storable.ts'

/** What is kept of a run beside its head. */
export function keptOf(
  room: InvocationsRoom,
  { head, outcome, recordings: { maxBytes } }: Run,
  body: Uint8Array,
): Pick<InvocationHead, 'input' | 'result' | 'outgoing'> {
  const secrets = room.secretsOf(head.accountId)
  return {
    input: keepable(body, maxBytes, secrets),
    result: outcome.ok ? keepable(outcome.result, maxBytes, secrets) : null,
    outgoing: keepableCalls(outcome, secrets),
  }
}
