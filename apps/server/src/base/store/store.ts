import type { Procedures } from './procedures/index.ts'
import type { Db } from './db.ts'
import type { Notifications } from './notifications.ts'
import type { Suspensions } from './suspensions.ts'
import type { CommitOperation, CommitOutcome, OutboxInsert } from './operations.ts'

export interface Store
  extends AsyncDisposable, Pick<Notifications, 'notify' | 'onNotify' | 'onResync' | 'resyncAll'> {
  readonly db: Db
  /** For work that nobody waits for, on connections of its own: what serves requests never queues behind it. */
  readonly maintenance: Db
  /** This run of this node: what leases are written to. */
  readonly nodeId: string
  /** Those of this code, which are installed. */
  readonly procedures: Procedures
  /** No other process uses this database: leases that are found at start are void. */
  readonly isExclusive: boolean
  /** To the database, of this node at most. */
  readonly connections: number
  /** Whether the database has answered within the last seconds. Asks nothing. */
  isAnswering(): boolean
  /** Whether the database has no room: commits and transactions are refused. Asks nothing. */
  isFull(): boolean
  /** By how much this node's clock is ahead of the database's; negative when it is behind, 0 within a second. */
  clockSkewMs(): number
  /** Accounts in which nothing works now. */
  readonly suspensions: Suspensions
  /** Applies the operation with everything else that is ready, in one durable commit. */
  commit(operation: CommitOperation): Promise<CommitOutcome>
  /** How long the oldest commit or query has waited for a connection; 0 while the database is away, for which they wait. */
  waitingMs(): number
  /** A plain transaction, run again when it met another one, or found what it wants at once held by another one. */
  transaction<T>(work: (tx: Db) => Promise<T>): Promise<T>
  /**
   * Adds outbox rows to a transaction of `transaction`, which inserts them at its end. The procedure that does is the one that `commit`
   * uses: it takes the locks of their ordering keys and finds which row is the head.
   * @throws an `Error` when that transaction does not go on any more, or is none of this store
   */
  enqueue(tx: Db, accountId: string, rows: readonly OutboxInsert[]): void
}
