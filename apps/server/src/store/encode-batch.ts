import { laneKey } from './lane-key.ts'
import type { CommitOperation, LeasedRow } from './operations.ts'

type Row = unknown[]

/** What `apply_operations` answers for a batch: only what is not simply applied. */
export interface BatchAnswer {
  outcomes: {
    stale: number[] | null
    gone: number[]
    /** [operation, message]: the message that is stored already. */
    twice: [number, number][] | null
    /** [operation, id of the row, whether it is leased to us], in the order of the operations' rows. */
    born: [number, number, boolean][] | null
  }
  nexts: Record<string, Pick<LeasedRow, 'id' | 'consumer' | 'lane' | 'facts' | 'createdAt'>> | null
}

/** The batch as `apply_operations` reads it: for each table a list of rows, each beginning with its operation's number. */
export function encodeBatch(operations: readonly CommitOperation[], now: number): string {
  const { slots, ...locks } = documentLocks(operations)
  const rows = <Item>(
    itemsOf: (operation: CommitOperation) => readonly Item[] | undefined,
    encode: (item: Item, operation: CommitOperation, index: number) => Row,
  ): Row[] | undefined => {
    const encoded: Row[] = []
    for (const [number, operation] of operations.entries()) {
      for (const [index, item] of (itemsOf(operation) ?? []).entries()) {
        encoded.push([number, ...encode(item, operation, index)])
      }
    }
    return encoded.length > 0 ? encoded : undefined
  }
  const written =
    (kind: 'conversation' | 'document', isNew: boolean) => (operation: CommitOperation) =>
      operation.documents.filter(
        (doc) =>
          doc.state !== null &&
          (doc.kind === 'conversation') === (kind === 'conversation') &&
          (doc.readVersion === 0) === isNew,
      )
  const lanes = laneKeys(operations)
  const isFirst = firstOfLane()
  return JSON.stringify({
    now,
    slots: Math.max(1, slots.size),
    ...locks,
    lanes: lanes.length > 0 ? lanes : undefined,
    checks: rows(
      ({ documents }) => documents,
      ({ kind, id, readVersion }, { accountId }) => [
        slots.get(slotName(accountId, kind, id)),
        readVersion,
      ],
    ),
    keys: rows(
      ({ messages }) => messages,
      ({ requestKey }, { accountId }, index) => [accountId, requestKey, index],
    )?.filter(([, , requestKey]) => requestKey !== undefined),
    ends: rows(
      ({ ends }) => ends && [ends],
      ({ outboxId, takeNext }, { accountId }) => [accountId, outboxId, takeNext ?? false],
    ),
    fires: rows(
      ({ fires }) => fires && [fires],
      ({ kind, key, generation }, { accountId }) => [accountId, kind, key, generation],
    ),
    newConversations: rows(written('conversation', true), ({ id, state }, { accountId }) => [
      accountId,
      id,
      state,
    ]),
    conversations: rows(
      written('conversation', false),
      ({ id, readVersion, state }, { accountId }) => [accountId, id, readVersion, state],
    ),
    newDocuments: rows(written('document', true), ({ kind, id, state }, { accountId }) => [
      accountId,
      kind,
      id,
      state,
    ]),
    documents: rows(
      written('document', false),
      ({ kind, id, readVersion, state }, { accountId }) => [
        accountId,
        kind,
        id,
        readVersion,
        state,
      ],
    ),
    messages: rows(
      ({ messages }) => messages,
      (message, { accountId }) => [
        accountId,
        message.conversationId,
        message.dialogId,
        message.sequence,
        message.at,
        message.requestKey,
        message.body,
      ],
    ),
    outbox: rows(
      ({ outbox }) => outbox,
      ({ consumer, lane, facts, runAt, lease }, { accountId }) => {
        const key = laneKey(accountId, consumer, lane)
        const isHead = isFirst(`${accountId}\0${consumer}\0${lane}`)
        return [accountId, consumer, lane, key, facts, runAt, lease ?? false, isHead]
      },
    ),
    disarm: rows(
      ({ disarm }) => disarm,
      ({ kind, key }, { accountId }) => [accountId, kind, key],
    ),
    arm: rows(
      ({ arm }) => arm && lastOfEach(arm),
      ({ kind, key, dueAt, facts }, { accountId }) => [accountId, kind, key, dueAt, facts],
    ),
    invocations: rows(
      ({ invocations }) => invocations,
      (invocation) => [snakeCaseKeys(invocation)],
    ),
    deadLetters: rows(
      ({ deadLetter }) => deadLetter && [deadLetter],
      ({ source, name, lane, facts, attempts, firstAttemptAt, cause }, { accountId }) => [
        accountId,
        source,
        name,
        lane,
        facts,
        attempts,
        firstAttemptAt,
        cause,
      ],
    ),
  })
}

const slotName = (accountId: string, kind: string, id: string) => `${accountId}\0${kind}\0${id}`

/** Every document of the batch once, in the order in which all nodes lock: conversations, then the others. */
function documentLocks(operations: readonly CommitOperation[]) {
  const byName = new Map<string, Row>()
  for (const { accountId, documents } of operations) {
    for (const { kind, id } of documents) {
      byName.set(slotName(accountId, kind, id), [accountId, kind, id])
    }
  }
  const slots = new Map<string, number>()
  const lockConversations: Row[] = []
  const lockDocuments: Row[] = []
  for (const [name, [accountId, kind, id]] of [...byName].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const slot = slots.size + 1
    slots.set(name, slot)
    if (kind === 'conversation') lockConversations.push([slot, accountId, id])
    else lockDocuments.push([slot, accountId, kind, id])
  }
  return {
    slots,
    ...(lockConversations.length > 0 && { lockConversations }),
    ...(lockDocuments.length > 0 && { lockDocuments }),
  }
}

function laneKeys(operations: readonly CommitOperation[]): number[] {
  const keys = new Set<number>()
  for (const { accountId, outbox } of operations) {
    for (const { consumer, lane } of outbox ?? []) keys.add(laneKey(accountId, consumer, lane))
  }
  return [...keys]
}

/** Only the first new row of a lane can be its head. */
function firstOfLane(): (lane: string) => boolean {
  const seen = new Set<string>()
  return (lane) => !seen.has(lane) && seen.add(lane).size > 0
}

function lastOfEach<Item extends { kind: string; key: string }>(items: readonly Item[]): Item[] {
  return [...new Map(items.map((item) => [`${item.kind}\0${item.key}`, item])).values()]
}

function snakeCaseKeys(row: object): object {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  )
}
