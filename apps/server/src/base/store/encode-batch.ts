import type {
  CommitOperation,
  DocumentWrite,
  InvocationInsert,
  MessageInsert,
  OutboxEnd,
} from './operations.ts'
import { type KnownHeads, openOutboxEncoder, orderingHash, orderingHashes } from './outbox-rows.ts'
import { INVOCATION_COLUMNS } from './procedures/invocation-columns.ts'
import { openTexts, type Texts } from './procedures/texts.ts'

type Row = unknown[]

const MINUTE_MS = 60_000

/** A batch as `apply_operations` reads it. */
export interface EncodedBatch {
  /** JSON: for each table a list of rows, each beginning with its operation's number. */
  rows: string
  /** States, bodies, facts, and what is kept of runs: the rows say where. */
  texts: Buffer
}

/**
 * @param connection which one of its node's connections sends it, counted from 0
 * @param looksForKeys whether the database looks for messages with the same request keys before it inserts them: without, one that is there
 * already rolls the batch back
 */
export function encodeBatch(
  operations: readonly CommitOperation[],
  {
    now,
    connection,
    heads,
    looksForKeys,
  }: { now: number; connection: number; heads: KnownHeads; looksForKeys: boolean },
): EncodedBatch {
  const { placeOf, ...locks } = lockDocuments(operations)
  const texts = openTexts()
  const json = (value: object | null) => texts.add(JSON.stringify(value))
  const rows = rowsOf(operations)
  const place = (document: DocumentWrite): Row => [placeOf(document), document.readVersion]
  const write = (document: DocumentWrite): Row => [...place(document), ...json(document.state)]
  const encoded = JSON.stringify({
    now,
    connection,
    ...locks,
    orderingHashes: orderingHashes(operations),
    checks: rows(({ documents }) => documents, place),
    ...(looksForKeys && {
      keys: rows(
        ({ messages }) =>
          messages?.map(requestOf).filter(({ requestKey }) => requestKey !== undefined),
        ({ requestKey, index }, { accountId }) => [accountId, requestKey, index],
      ),
    }),
    completedRows: rows(
      ({ completesRow }) => completesRow && [completesRow],
      ({ outboxId, takeNext, consumer, goesOnAs }, { accountId }) => [
        accountId,
        outboxId,
        takeNext ?? false,
        ...(consumer === undefined ? [] : [consumer, ...handover(accountId, goesOnAs)]),
      ],
    ),
    completedTimers: rows(
      ({ completesTimer }) => completesTimer && [completesTimer],
      ({ kind, key, generation }, { accountId }) => [accountId, kind, key, generation],
    ),
    newConversations: rows(
      written({ isConversation: true, isNew: true }),
      ({ id, state }, { accountId }) => [accountId, id, ...json(state)],
    ),
    conversations: rows(written({ isConversation: true, isNew: false }), write),
    newDocuments: rows(
      written({ isConversation: false, isNew: true }),
      ({ kind, id, state }, { accountId }) => [accountId, kind, id, ...json(state)],
    ),
    documents: rows(written({ isConversation: false, isNew: false }), write),
    messages: rows(
      ({ messages }) => messages,
      ({ conversationId, dialogId, sequence, at, requestKey, body }, { accountId }) => [
        accountId,
        conversationId,
        dialogId,
        sequence,
        at,
        requestKey,
        ...json(body),
      ],
    ),
    outbox: rows(({ outbox }) => outbox, openOutboxEncoder(texts, heads)),
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
      (invocation) => invocationRow(invocation, texts),
    ),
    figures: rows(
      ({ figures }) => figures,
      ({ at, channel, skillId, agentId, measure, bucket, value }, { accountId }) => [
        accountId,
        at - (at % MINUTE_MS),
        channel,
        skillId,
        agentId ?? '',
        measure,
        bucket ?? 0,
        Math.round(value ?? 0),
      ],
    ),
    deadLetters: rows(
      ({ deadLetter }) => deadLetter && [deadLetter],
      ({ source, name, key, facts, attempts, firstAttemptAt, cause }, { accountId }) => [
        accountId,
        source,
        name,
        key,
        facts,
        attempts,
        firstAttemptAt,
        cause,
      ],
    ),
  })
  return { rows: encoded, texts: texts.bytes() }
}

/** Makes the list of one table; `undefined`, and so not in the JSON at all, when it is empty. */
function rowsOf(operations: readonly CommitOperation[]) {
  return <Item>(
    itemsOf: (operation: CommitOperation) => readonly Item[] | undefined,
    encode: (item: Item, operation: CommitOperation) => Row,
  ): Row[] | undefined => {
    const encoded: Row[] = []
    let number = 0
    for (const operation of operations) {
      const items = itemsOf(operation)
      if (items) for (const item of items) encoded.push([number, ...encode(item, operation)])
      number += 1
    }
    return encoded.length > 0 ? encoded : undefined
  }
}

function handover(accountId: string, goesOnAs: OutboxEnd['goesOnAs']): Row[] {
  if (!goesOnAs) return []
  const { consumer, orderingKey, mark } = goesOnAs
  return [[consumer, orderingHash(accountId, consumer, orderingKey), mark]]
}

function requestOf({ requestKey }: MessageInsert, index: number) {
  return { requestKey, index }
}

function written({ isConversation, isNew }: { isConversation: boolean; isNew: boolean }) {
  return ({ documents }: CommitOperation): DocumentWrite[] =>
    documents.filter(
      ({ kind, readVersion, state }) =>
        state !== null &&
        (kind === 'conversation') === isConversation &&
        (readVersion === 0) === isNew,
    )
}

function lastOfEach<Item extends { kind: string; key: string }>(items: readonly Item[]): Item[] {
  return [...new Map(items.map((item) => [`${item.kind}\0${item.key}`, item])).values()]
}

/**
 * An invocation by the names of its columns. Written out by hand: a loop over the names costs more than the rest of the write. V8 writes JSON
 * with one object that has a `toJSON`, such as a date, twice as slowly: the whole of it.
 */
export function invocationColumns(row: InvocationInsert): Record<string, unknown> {
  return {
    account_id: row.accountId,
    started_at: row.startedAt.toISOString(),
    record_id: row.recordId,
    invocation_id: row.invocationId,
    function_id: row.functionId,
    deployment_id: row.deploymentId,
    version: row.version,
    event_id: row.eventId,
    skill_id: row.skillId,
    conversation_id: row.conversationId,
    source: row.source,
    attempt: row.attempt,
    duration_ms: row.durationMs,
    outcome: row.outcome,
    error_code: row.errorCode,
    error_message: row.errorMessage,
    stack: row.stack,
    cold_start: row.coldStart,
    commands: row.commands,
    outgoing: row.outgoing,
    input_json: row.inputJson,
    result_json: row.resultJson,
    trace: row.trace,
    draws: row.draws,
  }
}

function invocationRow(invocation: InvocationInsert, texts: Texts): Row {
  const columns = invocationColumns(invocation)
  const row: Row = []
  for (const { name, type } of INVOCATION_COLUMNS) {
    if (type === 'beside') row.push(...texts.add(columns[name] as string | null | undefined))
    else row.push(columns[name])
  }
  return row
}

/** One operation's use of a document. */
interface DocumentUse {
  name: string
  accountId: string
  document: DocumentWrite
}

/**
 * Every document of a batch once, in the order in which all nodes lock: conversations, then the others. `placeOf` says where
 * in that order a document stands, counted from 1; `readVersions` is an array of PostgreSQL in the same order, with a null where operations
 * have read different versions.
 */
function lockDocuments(operations: readonly CommitOperation[]) {
  const conversations: DocumentUse[] = []
  const others: DocumentUse[] = []
  for (const { accountId, documents } of operations) {
    for (const document of documents) {
      const { kind, id } = document
      const name = `${accountId}\0${kind}\0${id}`
      const list = kind === 'conversation' ? conversations : others
      list.push({ name, accountId, document })
    }
  }
  const places = new Map<DocumentWrite, number>()
  const readVersions: (number | null)[] = []
  /** What several operations use is locked once. */
  const inOrder = (list: DocumentUse[]): DocumentUse[] =>
    list.sort(byName).filter(({ name, document }, index) => {
      const isFirst = name !== list[index - 1]?.name
      if (isFirst) readVersions.push(document.readVersion)
      else if (readVersions.at(-1) !== document.readVersion)
        readVersions[readVersions.length - 1] = null
      places.set(document, readVersions.length)
      return isFirst
    })
  const lockConversations = inOrder(conversations)
  const lockOthers = inOrder(others)
  return {
    placeOf: (document: DocumentWrite) => places.get(document),
    ...(readVersions.length > 0 && {
      readVersions: `{${readVersions.map((version) => version ?? 'null').join()}}`,
    }),
    ...(lockConversations.length > 0 && {
      lockConversations: lockConversations.map(({ accountId, document }) => [
        accountId,
        document.id,
      ]),
    }),
    ...(lockOthers.length > 0 && {
      lockDocuments: lockOthers.map(({ accountId, document }) => [
        accountId,
        document.kind,
        document.id,
      ]),
    }),
  }
}

function byName(a: DocumentUse, b: DocumentUse): number {
  return a.name < b.name ? -1 : 1
}
