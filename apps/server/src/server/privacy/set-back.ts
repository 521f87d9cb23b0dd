import type { Clock, Logger, Monotonic } from '#base/kernel'

const LOOK_MS = 1_000
/** Clocks that are kept together move by less; a summer time moves none. */
const MIN_STEP_MS = 60_000

interface SetBackDeps {
  clock: Clock
  monotonic: Monotonic
  logger: Logger
}

/** Calls `bringBack` when the clock of this machine has been set back while the node runs, again until it succeeds. */
export function followSetBacks(
  { clock, monotonic, logger }: SetBackDeps,
  bringBack: () => Promise<void>,
): Disposable {
  const offset = (): number => clock.now() - monotonic.now()
  let known = offset()
  let isBusy = false

  async function look(): Promise<void> {
    const now = offset()
    const isSetBack = known - now > MIN_STEP_MS
    if (isBusy) return
    isBusy = true
    try {
      if (isSetBack) {
        await bringBack()
        logger.warn(
          { byMs: Math.round(known - now) },
          'The clock of this machine was set back: what recurs is due by it again',
        )
      }
      known = now
    } catch (err) {
      logger.warn(
        { err },
        'The clock of this machine was set back, and what recurs is far away: trying again',
      )
    } finally {
      isBusy = false
    }
  }

  return clock.isVirtual ? { [Symbol.dispose]() {} } : monotonic.every(LOOK_MS, () => void look())
}
