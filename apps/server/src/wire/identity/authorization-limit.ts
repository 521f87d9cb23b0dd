import type { FastifyRequest } from 'fastify'
import { addressGroup, declareBound, openRateLimit } from '#base/bounds'
import type { Http } from '#base/http'
import { ParleyError } from '#base/kernel'
import type { Deps } from './deps.ts'

/** Requests of browsers that applications have sent. One log-in with consent takes three. */
const RATE = { tokens: 300, perMs: 60_000 }

const ADDRESSES = declareBound({
  kind: 'map',
  holds: 'addresses whose browsers applications have sent to log in',
  limit: 50_000,
  per: 'node',
  beyond: 'the one whose last request is longest ago is forgotten',
})

/** @throws ParleyError `rate_limited` when the address has sent too many: each may leave a row for ten minutes */
export function openAuthorizationLimit(
  { monotonic }: Pick<Deps, 'monotonic'>,
  http: Pick<Http, 'clientAddress'>,
): (request: FastifyRequest) => void {
  const limit = openRateLimit(ADDRESSES, () => monotonic.now())
  return ({ raw }) => {
    const retryAfterMs = limit.take(addressGroup(http.clientAddress(raw)), RATE)
    if (retryAfterMs === 0) return
    throw new ParleyError('rate_limited', 'Too many log-ins were begun from this address', {
      retryAfterMs,
    })
  }
}
