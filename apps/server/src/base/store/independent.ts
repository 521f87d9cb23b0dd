import type { CommitOperation } from './operations.ts'
import { orderingHash } from './outbox-rows.ts'

/** How an operation uses a thing: operations may share what they only read. */
type Use = 'read' | 'write'
/** A number where there is one: it is found faster than a text that is put together, which has to be hashed anew each time. */
type Name = string | number

/**
 * Takes operations from the front of `waiting` that have nothing in common that one of them changes. The others stay, in
 * their order.
 */
export function takeIndependent<Job extends { item: CommitOperation }>(
  waiting: Job[],
  largest: number,
): Job[] {
  if (waiting.length === 1) return waiting.splice(0)
  const used = new Map<Name, Use>()
  const taken: Job[] = []
  const left: Job[] = []
  const considered = waiting.splice(0, largest * 2)
  for (const job of considered) {
    const uses = usesOf(job.item)
    if (taken.length < largest && !clashes(used, uses)) {
      for (const [name, use] of uses) if (used.get(name) !== 'write') used.set(name, use)
      taken.push(job)
    } else left.push(job)
  }
  waiting.unshift(...left)
  return taken
}

function clashes(used: Map<Name, Use>, uses: [Name, Use][]): boolean {
  return uses.some(([name, use]) => {
    const other = used.get(name)
    return other !== undefined && (other === 'write' || use === 'write')
  })
}

function usesOf(operation: CommitOperation): [Name, Use][] {
  const { accountId, documents, outbox, arm, disarm, completesTimer, completesRow } = operation
  // Where ids are unique, they are names. Messages have none: those with the same request key are of one conversation, and others would be
  // sent one by one once the database has refused them. Two things with one number only leave one after the other.
  const uses: [Name, Use][] = documents.map(({ kind, id, state }) => [
    kind === 'conversation' ? id : `document ${accountId}/${kind}/${id}`,
    state === null ? 'read' : 'write',
  ])
  const write = (name: Name) => uses.push([name, 'write'])
  for (const { consumer, orderingKey } of outbox ?? []) {
    write(orderingHash(accountId, consumer, orderingKey))
  }
  const timer = ({ kind, key }: { kind: string; key: string }) =>
    write(`timer ${accountId}/${kind}/${key}`)
  arm?.forEach(timer)
  disarm?.forEach(timer)
  if (completesTimer) timer(completesTimer)
  if (completesRow) write(completesRow.outboxId)
  return uses
}
