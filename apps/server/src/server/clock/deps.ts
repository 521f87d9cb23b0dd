import type { Delivery } from '#base/delivery'
import type { Clock, VirtualClock } from '#base/kernel'
import type { Base } from '#base/store'

export interface OpenClockDeps extends Pick<Base, 'store' | 'clock' | 'logger'> {
  delivery: Pick<Delivery, 'follower' | 'nextDue'>
}

export interface ClockDeps extends OpenClockDeps {
  clock: VirtualClock
  /** What the clock ticks with. */
  system: Clock
}
