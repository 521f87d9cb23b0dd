import { boundedMap, declareBound } from '#base/bounds'
import type { Monotonic } from '#base/kernel'

/** What an account may ask of the platform in a second, on this node: so many host calls, or so many bytes in them. */
const PER_SECOND = 1_000
const BYTES_PER_SECOND = 4_194_304
/** An account that was quiet may ask so much at once. */
const BURST_MS = 2_000
const ACCOUNTS = declareBound({
  kind: 'map',
  holds: 'accounts whose functions have asked the platform',
  limit: 10_000,
  per: 'node',
  beyond: 'the one whose last question is longest ago is forgotten',
})

/** Lets the host calls of each account through at a bounded rate, in their order: they are read on the thread that serves all. */
export function openHostCallPace(
  monotonic: Monotonic,
): (accountId: string, bytes: number) => Promise<void> {
  /** Until when what an account has asked keeps it busy. */
  const busyUntil = boundedMap<string, number>(ACCOUNTS)
  return async (accountId, bytes) => {
    const now = monotonic.now()
    const from = Math.max(busyUntil.get(accountId) ?? 0, now)
    busyUntil.set(accountId, from + 1_000 / PER_SECOND + (1_000 * bytes) / BYTES_PER_SECOND)
    if (from - now > BURST_MS) await monotonic.sleep(from - now - BURST_MS)
  }
}
