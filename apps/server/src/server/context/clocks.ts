import { type Clock, systemClock, type VirtualClock, virtualClock } from '#base/kernel'
import type { Config } from '#config'

/** Domain time by the configuration. A virtual clock starts at the system's time and ticks with it until it is moved or held. */
export function clockOf({ clock }: Pick<Config, 'clock'>): Clock | VirtualClock {
  const system = systemClock()
  if (clock !== 'virtual') return system
  const virtual = virtualClock(system.now(), system)
  virtual.tick()
  return virtual
}
