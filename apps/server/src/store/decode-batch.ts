import type { BatchAnswer } from './encode-batch.ts'
import type { CommitOperation, CommitOutcome } from './operations.ts'

/** What became of each operation of a batch. */
export function decodeBatch(
  operations: readonly CommitOperation[],
  { outcomes: { stale, gone, twice, born }, nexts }: BatchAnswer,
  now: number,
): CommitOutcome[] {
  const outcomes = operations.map((operation, number): CommitOutcome => {
    const next = nexts?.[number]
    if (!next) return { status: 'applied', outbox: [] }
    const firstStart = { starts: 1, failures: 0, firstAttemptAt: now }
    return {
      status: 'applied',
      outbox: [],
      next: { ...next, ...firstStart, accountId: operation.accountId },
    }
  })
  for (const [number, id, head] of born ?? []) {
    const outcome = outcomes[number]
    if (outcome?.status === 'applied') outcome.outbox.push({ id, head })
  }
  for (const number of stale ?? []) outcomes[number] = { status: 'stale' }
  for (const number of gone) outcomes[number] = { status: 'gone' }
  for (const [number, message] of twice ?? []) {
    const requestKey = operations[number]?.messages?.[message]?.requestKey ?? ''
    outcomes[number] = { status: 'duplicate', requestKey }
  }
  return outcomes
}
