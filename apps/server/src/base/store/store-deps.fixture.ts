import { openLogger, randomIds, systemClock, systemMonotonic } from '#base/kernel'
import type { StoreDeps } from './open.ts'

export const storeDeps: StoreDeps = {
  logger: openLogger('fatal'),
  clock: systemClock(),
  monotonic: systemMonotonic(),
  ids: randomIds(),
}
