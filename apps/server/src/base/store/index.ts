export type { Base } from './base.ts'
export { type Db, jsonb } from './db.ts'
export type {
  CommitOperation,
  CommitOutcome,
  DeadLetterInsert,
  FigureInsert,
  DocumentWrite,
  InvocationInsert,
  LeasedRow,
  MessageInsert,
  OutboxEnd,
  OutboxInsert,
  TimerArm,
} from './operations.ts'
export { isLocked, mapConstraintErrors } from './failures.ts'
export { invocationColumns } from './encode-batch.ts'
export type { Missed } from './notifications.ts'
export { orderingHash, ORDERING_LOCK_CLASS } from './outbox-rows.ts'
export { openStore, type StoreDeps, type StoreSettings } from './open.ts'
export type { Store } from './store.ts'
export { requireActive, requireKnown, type Suspensions, suspendedMessage } from './suspensions.ts'
export { lockFirst } from './transaction.ts'
export type { Tables } from './tables/index.ts'
