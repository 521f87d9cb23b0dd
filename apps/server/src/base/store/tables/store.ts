import type { ColumnType, Generated, GeneratedAlways } from 'kysely'

export interface ConversationTable {
  accountId: string
  conversationId: string
  version: number
  state: object
  /** From here on: columns that follow the state, for lists and routing. */
  consumerId: GeneratedAlways<string>
  skillId: GeneratedAlways<string>
  stage: GeneratedAlways<string>
  assignedAgentId: GeneratedAlways<string | null>
  suggestedAgentId: GeneratedAlways<string | null>
  waitingSince: GeneratedAlways<number | null>
  /** 0 is the most urgent; see migrations 045 and 145. */
  queueRank: GeneratedAlways<number>
  startedAtMs: GeneratedAlways<number>
  updatedAtMs: GeneratedAlways<number>
  /** When its main dialog ended; see migrations 044 and 145. */
  closedAtMs: GeneratedAlways<number | null>
}

export interface MessageTable {
  accountId: string
  conversationId: string
  dialogId: string
  sequence: number
  at: Date
  requestKey: string | null
  body: object
}

export interface DocumentTable {
  accountId: string
  kind: string
  id: string
  version: number
  state: object
  /** By what chats, mails and survey runs are listed; see migrations 060, 062 and 145. */
  listState: GeneratedAlways<string | null>
  listAt: GeneratedAlways<number | null>
  listOf: GeneratedAlways<string | null>
}

export interface OutboxTable {
  accountId: string
  id: Generated<number>
  consumer: string
  /** The ordering key. The column keeps its first name. */
  lane: string
  /** `orderingHash` of the account, consumer and ordering key. */
  laneHash: number
  facts: object
  /** The oldest row of its ordering key: the only one that may run. */
  head: boolean
  /** Domain time. */
  runAt: Date
  createdAt: Date
  firstAttemptAt: Date | null
  starts: Generated<number>
  failures: Generated<number>
  leasedBy: string | null
  /** The database's own time, as leases are. */
  leasedUntil: Date | null
}

export interface TimerTable {
  accountId: string
  kind: string
  key: string
  generation: Generated<number>
  facts: object
  /** When it was armed for. */
  dueAt: Date
  /** When it may run: `dueAt`, later after a failure. */
  runAt: Date
  firstAttemptAt: Date | null
  starts: Generated<number>
  failures: Generated<number>
  leasedBy: string | null
  leasedUntil: Date | null
}

export interface DeadLetterTable {
  accountId: string
  id: Generated<number>
  source: 'outbox' | 'timer'
  /** The consumer of an outbox row, the kind of a timer. */
  name: string
  /** The ordering key of an outbox row, the key of a timer. The column keeps its first name. */
  lane: string
  facts: object
  attempts: number
  firstAttemptAt: Date
  deadAt: Date
  cause: string
}

/**
 * One row per connection of a node that commits: what its last batch did, so that a batch that is sent again is recognised. The
 * table keeps its first name.
 */
export interface CommitLaneTable {
  id: string
  batch: number
  outcomes: object
  usedAt: ColumnType<Date, never, never>
}

/** Which node calls which stored procedure. */
export interface ProcedureUseTable {
  name: string
  nodeId: string
  /** When the node last said so, by the database's own time. */
  seenAt: Date
}
