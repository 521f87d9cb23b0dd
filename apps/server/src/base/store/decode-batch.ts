import type { CommitOperation, CommitOutcome, LeasedRow } from './operations.ts'

type NextRow = Pick<LeasedRow, 'id' | 'consumer' | 'orderingKey' | 'createdAt'> & {
  /** JSON. */
  facts: string
}

/** What `apply_operations` answers for a batch: only what is not simply applied. */
export interface BatchAnswer {
  outcomes: {
    stale: number[]
    gone: number[]
    /** [operation, message]: the message that is stored already. */
    duplicates: [number, number][] | null
    /** [operation, id of the row, whether it is leased to this node], in the order of the operations' rows. */
    newRows: [number, number, boolean][] | null
  }
  /** By operation. */
  nexts: Record<string, NextRow> | null
}

/** What became of each operation of a batch. */
export function decodeBatch(
  operations: readonly CommitOperation[],
  { outcomes: { stale, gone, duplicates, newRows }, nexts }: BatchAnswer,
  now: number,
): CommitOutcome[] {
  const outcomes = operations.map(({ accountId }, number): CommitOutcome => {
    const next = nexts?.[number]
    if (!next) return { status: 'applied', outbox: [] }
    const firstStart = { starts: 1, failures: 0, firstAttemptAt: now }
    return {
      status: 'applied',
      outbox: [],
      next: { ...next, facts: JSON.parse(next.facts), ...firstStart, accountId },
    }
  })
  for (const [number, id, isLeased] of newRows ?? []) {
    const outcome = outcomes[number]
    if (outcome?.status === 'applied') outcome.outbox.push({ id, isLeased })
  }
  for (const number of stale) outcomes[number] = { status: 'stale' }
  for (const number of gone) outcomes[number] = { status: 'gone' }
  for (const [number, message] of duplicates ?? []) {
    const requestKey = operations[number]?.messages?.[message]?.requestKey ?? ''
    outcomes[number] = { status: 'duplicate', requestKey }
  }
  return outcomes
}
