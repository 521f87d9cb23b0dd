import type { Base, CommitOperation, CommitOutcome } from '#base/store'
import type { WorkerPools } from './worker-pools.ts'

export type DeliveryDeps = Pick<Base, 'store' | 'clock' | 'monotonic' | 'logger'>

/** What running rows and timers needs. */
export interface RunDeps extends DeliveryDeps {
  pools: WorkerPools
  commit: (operation: CommitOperation) => Promise<CommitOutcome>
  /** Something becomes due at that instant. */
  hint: (at: number) => void
}
