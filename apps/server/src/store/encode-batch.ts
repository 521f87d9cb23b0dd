import type { CommitOperation, CommitOutcome, LeasedRow } from './operations.ts'
import { laneKey } from './lane-key.ts'

/** The batch as `apply_operations` reads it; see there for the form. */
export function encodeBatch(operations: readonly CommitOperation[], now: number): string {
  const { docs, slots } = documentSlots(operations)
  return JSON.stringify({
    now,
    docs,
    lanes: laneKeys(operations),
    ops: operations.map((operation) => encodeOperation(operation, slots)),
  })
}

function encodeOperation(operation: CommitOperation, slots: Map<string, number>): object {
  const { accountId, messages, outbox, arm, disarm, invocations, ends, fires, deadLetter } =
    operation
  return {
    a: accountId,
    docs: operation.documents.map(({ kind, id, readVersion, state }) => [
      slots.get(slotName(accountId, kind, id)),
      readVersion,
      state,
      kind,
      id,
    ]),
    keys: messages
      ?.map(({ requestKey }, index) => [index, requestKey])
      .filter(([, requestKey]) => requestKey !== undefined),
    messages: messages?.map((message) => [
      message.conversationId,
      message.dialogId,
      message.sequence,
      message.at,
      message.requestKey ?? null,
      message.body,
    ]),
    outbox: outbox?.map((row) => [
      row.consumer,
      row.lane,
      row.facts,
      row.runAt ?? null,
      row.lease ?? false,
    ]),
    arm: arm?.map((timer) => [timer.kind, timer.key, timer.dueAt, timer.facts]),
    disarm: disarm?.map((timer) => [timer.kind, timer.key]),
    invocations: invocations?.length ? invocations.map(snakeCaseKeys) : undefined,
    ends: ends && [ends.outboxId, ends.takeNext ?? false],
    fires: fires && [fires.kind, fires.key, fires.generation],
    dead: deadLetter,
  }
}

const slotName = (accountId: string, kind: string, id: string) => `${accountId}\0${kind}\0${id}`

/** Every document of the batch once, in the order in which all nodes lock: conversations, then the others. */
function documentSlots(operations: readonly CommitOperation[]) {
  const byName = new Map<string, [accountId: string, kind: string, id: string]>()
  for (const { accountId, documents } of operations) {
    for (const { kind, id } of documents)
      byName.set(slotName(accountId, kind, id), [accountId, kind, id])
  }
  const entries = [...byName].sort(([nameA, a], [nameB, b]) => {
    const rank = Number(a[1] !== 'conversation') - Number(b[1] !== 'conversation')
    return rank || (nameA < nameB ? -1 : 1)
  })
  return {
    docs: entries.map(([, key]) => key),
    slots: new Map(entries.map(([name], index) => [name, index + 1])),
  }
}

function laneKeys(operations: readonly CommitOperation[]): number[] {
  const keys = new Set<number>()
  for (const { accountId, outbox, ends } of operations) {
    for (const { consumer, lane } of outbox ?? []) keys.add(laneKey(accountId, consumer, lane))
    if (ends?.consumer !== undefined && ends.lane !== undefined) {
      keys.add(laneKey(accountId, ends.consumer, ends.lane))
    }
  }
  return [...keys].sort((a, b) => a - b)
}

function snakeCaseKeys(row: object): object {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  )
}

/** What `apply_operations` answered for one operation. */
export function decodeOutcome(
  operation: CommitOperation,
  outcome: string,
  next: Pick<LeasedRow, 'id' | 'consumer' | 'lane' | 'facts' | 'createdAt'> | undefined,
  now: number,
): CommitOutcome {
  if (outcome === 's') return { status: 'stale' }
  if (outcome === 'g') return { status: 'gone' }
  if (outcome.startsWith('d')) {
    const requestKey = operation.messages?.[Number(outcome.slice(1))]?.requestKey ?? ''
    return { status: 'duplicate', requestKey }
  }
  const outbox = outcome
    .split(' ')
    .slice(1)
    .map((row) => ({ id: Number(row.slice(0, -1)), head: row.endsWith('+') }))
  if (!next) return { status: 'applied', outbox }
  const leased = {
    starts: 1,
    failures: 0,
    firstAttemptAt: now,
    accountId: operation.accountId,
    ...next,
  }
  return { status: 'applied', outbox, next: leased }
}
