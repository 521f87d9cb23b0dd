import { type Clock, systemClock, type VirtualClock, virtualClock } from '#base/kernel'
import type { Config } from '#config'

/** Domain time by the configuration. A virtual clock starts at the system's time and stands still. */
export function clockOf({ clock }: Pick<Config, 'clock'>): Clock | VirtualClock {
  const system = systemClock()
  return clock === 'virtual' ? virtualClock(system.now()) : system
}

export function isVirtual(clock: Clock): clock is VirtualClock {
  return 'follow' in clock
}
