import type { FastifyRequest } from 'fastify'
import { addressGroup, declareBound, openRateLimit } from '#base/bounds'
import type { Http } from '#base/http'
import { ParleyError } from '#base/kernel'
import type { Deps } from './deps.ts'

const MINUTE_MS = 60_000

const ADDRESSES = declareBound({
  kind: 'map',
  holds: 'addresses that have asked for tokens of consumers',
  limit: 50_000,
  per: 'node',
  beyond: 'the one whose last sign-up is longest ago is forgotten',
})

/** @throws ParleyError `rate_limited` when the address of the request has got too many tokens of consumers */
export type SignUpLimit = (request: FastifyRequest) => void

export function openSignUpLimit(
  { monotonic, perAddress }: Pick<Deps, 'monotonic' | 'perAddress'>,
  http: Pick<Http, 'clientAddress'>,
): SignUpLimit {
  const limit = openRateLimit(ADDRESSES, () => monotonic.now())
  const rate = { tokens: perAddress.signUpsPerMinute, perMs: MINUTE_MS }
  return ({ raw }) => {
    const retryAfterMs = limit.take(addressGroup(http.clientAddress(raw)), rate)
    if (retryAfterMs === 0) return
    throw new ParleyError('rate_limited', 'Too many consumers have signed up from this address', {
      retryAfterMs,
    })
  }
}
