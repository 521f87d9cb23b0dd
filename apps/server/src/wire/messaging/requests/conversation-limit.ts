import { addressGroup, declareBound, openRateLimit } from '#base/bounds'
import { type Monotonic, ParleyError } from '#base/kernel'

const MINUTE_MS = 60_000

const ADDRESSES = declareBound({
  kind: 'map',
  holds: 'addresses that have opened conversations',
  limit: 50_000,
  per: 'node',
  beyond: 'the one whose last conversation is longest ago is forgotten',
})

/** @throws ParleyError `rate_limited` when the address has opened too many conversations */
export type ConversationLimit = (address: string) => void

export function openConversationLimit(
  { now }: Pick<Monotonic, 'now'>,
  perMinute: number,
): ConversationLimit {
  const limit = openRateLimit(ADDRESSES, now)
  return (address) => {
    const retryAfterMs = limit.take(addressGroup(address), { tokens: perMinute, perMs: MINUTE_MS })
    if (retryAfterMs === 0) return
    throw new ParleyError(
      'rate_limited',
      'Too many conversations were opened from this address; try again later',
      { retryAfterMs },
    )
  }
}
