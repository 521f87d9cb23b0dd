import type { IncomingMessage } from 'node:http'
import { addressGroup, declareBound, openPlaces, type Places } from '#base/bounds'
import { ParleyError } from '#base/kernel'
import type { ServingDeps } from './deps.ts'

const TRANSFERS = declareBound({
  kind: 'places',
  holds: 'bytes of files that are being uploaded or downloaded, by address',
  limit: 402_653_184,
  each: 104_857_600,
  per: 'node',
  beyond: 'refused with 429',
})

export function openTransfers(): Places {
  return openPlaces(TRANSFERS)
}

/** @throws ParleyError `rate_limited` when files of so many bytes are in memory, of this address or in all */
export function takeTransfer(
  { transfers, clientAddress }: Pick<ServingDeps, 'transfers' | 'clientAddress'>,
  request: IncomingMessage,
  bytes: number,
): Disposable {
  const place = transfers.take(addressGroup(clientAddress(request)), bytes)
  if (place) return place
  throw new ParleyError('rate_limited', 'Too many files are being sent; try again later', {
    retryAfterMs: 5000,
  })
}
