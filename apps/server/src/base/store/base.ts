import type { Clock, Ids, Logger, Monotonic } from '#base/kernel'
import type { Store } from './store.ts'

/** What every module may be opened with; each names the members that it needs: `Pick<Base, 'store' | 'clock'>`. */
export interface Base {
  store: Store
  /** Domain time: what users configure and see. */
  clock: Clock
  /** Real time, for the credentials of people and applications: it does not move with a virtual clock. */
  wallClock: Clock
  /** Real time, for machinery. */
  monotonic: Monotonic
  ids: Ids
  logger: Logger
}
