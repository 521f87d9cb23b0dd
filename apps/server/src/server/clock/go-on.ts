import { type Clock, isVirtual } from '#base/kernel'
import type { OpenClockDeps } from './deps.ts'
import { readClock } from './repository.ts'

/** Sets a virtual clock to where the last run has left it; before anything is delivered. */
export async function goOn({ store, clock, logger }: OpenClockDeps, system: Clock): Promise<void> {
  const left = await readClock(store.db)
  if (!left) return
  const instant = 'standsAt' in left ? left.standsAt : system.now() + left.aheadMs
  if (!isVirtual(clock)) {
    const aheadMs = instant - clock.now()
    if (aheadMs > 0) logger.warn({ aheadMs }, MOVED)
    return
  }
  if ('standsAt' in left) clock.hold()
  clock.goOnFrom(instant)
  if (clock.isTicking) clock.tick()
}

const MOVED =
  'The clock of this data was moved ahead with PARLEY_CLOCK=virtual: what was due in the meantime happens late'
