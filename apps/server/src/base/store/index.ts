export type { Base } from './base.ts'
export { cloneDatabase } from './clone-database.ts'
export { type Db, jsonb } from './db.ts'
export { type EmbeddedPostgres, startEmbedded } from './embedded/index.ts'
export { orderingHash, ORDERING_LOCK_CLASS } from './ordering-hash.ts'
export type {
  CommitOperation,
  CommitOutcome,
  DeadLetterInsert,
  DocumentWrite,
  LeasedRow,
  MessageInsert,
  OutboxInsert,
  TimerArm,
} from './operations.ts'
export { quickFolder } from './quick-folder.ts'
export { openStore, type Store, type StoreDeps, type StoreSettings } from './store.ts'
export type { Tables } from './tables/index.ts'
