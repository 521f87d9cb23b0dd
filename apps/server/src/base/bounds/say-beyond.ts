import type { Logger, Monotonic } from '#base/kernel'
import { type Bound, declaredBounds } from './declare.ts'
import { timesBeyond } from './use.ts'

const EVERY_MS = 10_000

/**
 * Says in the log what was refused or cut because it was too much, with how often: once in ten seconds, however often that is.
 * A map that forgets harms nobody, and is not said.
 */
export function sayBeyond(
  { monotonic, logger }: { monotonic: Pick<Monotonic, 'every'>; logger: Pick<Logger, 'warn'> },
  bounds: readonly Bound[] = declaredBounds(),
): Disposable {
  const watched = bounds.filter(({ kind }) => kind !== 'map')
  const said = new Map(watched.map((bound) => [bound, timesBeyond(bound)]))
  return monotonic.every(EVERY_MS, () => {
    for (const bound of watched) {
      const times = timesBeyond(bound) - (said.get(bound) ?? 0)
      if (times === 0) continue
      said.set(bound, timesBeyond(bound))
      const { holds, limit, each, beyond } = bound
      logger.warn({ holds, limit, each, times }, `Too many ${holds}: ${beyond}`)
    }
  })
}
