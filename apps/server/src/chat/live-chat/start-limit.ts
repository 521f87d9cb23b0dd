import { type Clock, ParleyError } from '#base/kernel'
import { addressGroup, declareBound, openRateLimit } from '#base/bounds'

const MINUTE_MS = 60_000
const TRACKED = declareBound({
  kind: 'map',
  holds: 'addresses that have started chats',
  limit: 10_000,
  per: 'node',
  beyond: 'the one whose last start is longest ago is forgotten',
})

/** How many chats each address may still start, by a bucket that fills up within a minute. */
export interface StartLimit {
  /** @throws ParleyError when the address has started too many */
  take(accountId: string, address: string, perMinute: number): void
}

export function startLimit(clock: Clock): StartLimit {
  const limit = openRateLimit(TRACKED, () => clock.now())
  return {
    take(accountId, address, perMinute) {
      const key = `${accountId} ${addressGroup(address)}`
      const retryAfterMs = limit.take(key, { tokens: perMinute, perMs: MINUTE_MS })
      if (retryAfterMs === 0) return
      throw new ParleyError('rate_limited', 'Too many chats were started from this address', {
        retryAfterMs,
      })
    },
  }
}
